package io.github.paravane.samples.story;

import io.github.paravane.api.profile.AbiProfile;
import io.github.paravane.testkit.guest.KernelFunction;
import io.github.paravane.testkit.guest.KernelHabits;
import io.github.paravane.testkit.guest.KernelUserBit;
import io.github.paravane.testkit.guest.ModelMachine;
import io.github.paravane.testkit.guest.ProcessEnd;
import io.github.paravane.testkit.guest.PteWrite;
import io.github.paravane.testkit.guest.SolarisLikeKernel;
import io.github.paravane.testkit.guest.StorySystem;
import io.github.paravane.testkit.guest.UserProgram;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Bug 2: a function-entry probe collects the addresses that the kernel's functions are given; readkern, a new process for
 * each, tries to load from it; what it could read is named by {@code ::whatis}.
 */
final class ReadkernScene {

    private static final String PIPELINE =
            "dtrace -qn 'fbt:genunix::entry /arg0 > `kernelbase/ { printf(\"%p \", arg0); }' | \\\n"
                    + "     xargs -n 1 ~johnlev/bin/i386/readkern | while read ln; do echo $ln::whatis | mdb -k ; done";

    private static final int FIDDLED = 0xF1DD1E;

    private final SolarisLikeKernel kernel;
    private final List<Long> probed = new ArrayList<>();
    private boolean probing;

    /** The kernel's heap, and who touches what: only what is touched after the switch to a process can be in the TLB. */
    private ReadkernScene(KernelUserBit user, PteWrite write) {
        kernel = StorySystem.furnished(new SolarisLikeKernel(new KernelHabits(user, false, write)))
                .onEntry(this::probe)
                .onMark(this::mark)
                .run("workload", UserProgram.touchAndCall(1));
    }

    private void probe(KernelFunction function) {
        if (probing && Long.compareUnsigned(function.arg0(), SolarisLikeKernel.KERNEL_BASE) > 0) {
            probed.add(function.arg0());
        }
    }

    /** The probe watches the workload; when that has ended, readkern gets one process for each address. */
    private void mark(String name) {
        if (name.equals("workload")) {
            probing = !probing;
            if (!probing) {
                for (int n = 0; n < probed.size(); n++) {
                    kernel.run("readkern " + n, UserProgram.readkern(probed.get(n)));
                }
                kernel.run("fiddle", UserProgram.writekern(StorySystem.THREAD, FIDDLED));
                kernel.run("look", UserProgram.readkern(StorySystem.THREAD));
            }
        }
    }

    /** The lines that the pipeline prints. */
    private List<String> survivors() {
        List<String> lines = new ArrayList<>();
        Map<String, ProcessEnd> ends = kernel.ends();
        for (int n = 0; n < probed.size(); n++) {
            ProcessEnd end = ends.get("readkern " + n);
            if (end != null && end.exited()) {
                lines.add(kernel.whatis(probed.get(n)));
            }
        }
        return lines;
    }

    static void print(PrintWriter out, List<AbiProfile> profiles) {
        out.println("2. kernel memory read from user mode (6618391 64-bit xVM lets processes fiddle with kernelspace,");
        out.println("   but Xen bug saves us)");
        out.println();
        out.println(
                "   Kernel and processes both run in ring 3. Xen gives each its own root table, and marks entries of user");
        out.println(
                "   pages global, so that they stay in the TLB across system calls. To Xen, an entry with PT_USER is a user");
        out.println("   page: old Solaris sets PT_USER on its own pages, and what it touched last stays readable.");
        out.println();
        out.println("   # " + PIPELINE);
        for (AbiProfile profile : profiles) {
            out.println();
            for (Variant variant : Variant.values()) {
                show(out, profile, variant);
            }
        }
        out.println();
    }

    /** The kernels that are compared. */
    private enum Variant {
        BLOG_ORDER("PT_USER set, entries written by mmu_update", KernelUserBit.SET, PteWrite.MMU_UPDATE),
        SYNOPSIS("PT_USER set, entries written by lock cmpxchg", KernelUserBit.SET, PteWrite.LOCKED_COMPARE_EXCHANGE),
        CLEAR("PT_USER clear, entries written by mmu_update", KernelUserBit.CLEAR, PteWrite.MMU_UPDATE),
        REPAIRED(
                "repaired Solaris (PT_USER where pt_kern says so, lock cmpxchg)",
                KernelUserBit.BY_VERSION,
                PteWrite.LOCKED_COMPARE_EXCHANGE);

        private final String title;
        private final KernelUserBit user;
        private final PteWrite write;

        Variant(String title, KernelUserBit user, PteWrite write) {
            this.title = title;
            this.user = user;
            this.write = write;
        }
    }

    private static void show(PrintWriter out, AbiProfile profile, Variant variant) {
        ReadkernScene scene = new ReadkernScene(variant.user, variant.write);
        if (!new ModelMachine(profile, scene.kernel).play()) {
            out.printf("   %s, %s: the kernel panics: %s%n", profile.name(), variant.title, scene.kernel.panic());
            return;
        }
        List<String> survivors = scene.survivors();
        out.printf(
                "   %s, %s: %d addresses probed, %d readable%n",
                profile.name(), variant.title, scene.probed.size(), survivors.size());
        survivors.forEach(line -> out.println("     " + line));
        ProcessEnd fiddle = scene.kernel.ends().get("fiddle");
        ProcessEnd look = scene.kernel.ends().get("look");
        if (fiddle != null && fiddle.exited() && look != null && look.exited()) {
            out.printf(
                    "     a process stored %x into the thread structure; it reads %x now%n",
                    FIDDLED, look.reported().get(0));
        }
    }
}
