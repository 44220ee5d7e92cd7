package io.github.paravane.samples.story;

import io.github.paravane.api.paging.TlbStatistics;
import io.github.paravane.api.profile.AbiProfile;
import io.github.paravane.testkit.guest.KernelHabits;
import io.github.paravane.testkit.guest.KernelUserBit;
import io.github.paravane.testkit.guest.Mapping;
import io.github.paravane.testkit.guest.ModelMachine;
import io.github.paravane.testkit.guest.PteWrite;
import io.github.paravane.testkit.guest.SolarisLikeKernel;
import io.github.paravane.testkit.guest.UserProgram;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Bug 3: the entry of a user page, written by compare-and-swap, lacks PT_GLOBAL; every system call costs TLB misses. */
final class GlobalBitScene {

    private static final int CALLS = 1000;
    private static final long PAGE = UserProgram.DATA;

    private GlobalBitScene() {}

    static void print(PrintWriter out, List<AbiProfile> profiles) {
        out.println("3. PT_GLOBAL missing after a compare-and-swap of a PTE (xen-unstable 2173fe77dcd2)");
        out.println();
        out.println(
                "   Solaris writes its entries with lock cmpxchg on the read-only table; Xen emulates the instruction. It");
        out.println(
                "   checked the adjusted entry and stored the guest's own. MDB shows the entry as stored (htable= is where");
        out.println("   the kernel sees the table); a process then touches the page and makes a system call, " + CALLS
                + " times:");
        for (AbiProfile profile : profiles) {
            out.println();
            show(out, profile, PteWrite.LOCKED_COMPARE_EXCHANGE);
            show(out, profile, PteWrite.MMU_UPDATE);
        }
        out.println();
    }

    private static void show(PrintWriter out, AbiProfile profile, PteWrite write) {
        SolarisLikeKernel kernel = new SolarisLikeKernel(new KernelHabits(KernelUserBit.BY_VERSION, false, write));
        ModelMachine stage = new ModelMachine(profile, kernel);
        List<TlbStatistics> readings = new ArrayList<>();
        kernel.onMark(name -> readings.add(stage.statistics())).run("touch", UserProgram.touchAndCall(CALLS));
        stage.play();
        Mapping mapping = Objects.requireNonNull(kernel.mappings().get(PAGE), "mapping");
        TlbStatistics cost = readings.get(1).since(readings.get(0));
        out.printf("   %s, written by %s%n", profile.name(), Matrix.name(write));
        out.printf("     > %x::vatopfn%n", PAGE);
        mapping.vatopfn().lines().forEach(line -> out.println("     " + line));
        out.printf(
                "     level 0 has bits %s; TLB fills for the page: %d; TLB misses in all: %d, %d a call%n",
                Experiment.bits(mapping.leaf()),
                stage.fills(PAGE),
                cost.misses(),
                Math.round((double) cost.misses() / CALLS));
    }
}
