package io.github.paravane.samples.story;

import io.github.paravane.api.paging.Pte;
import io.github.paravane.api.profile.AbiProfile;
import io.github.paravane.testkit.guest.KernelFunction;
import io.github.paravane.testkit.guest.KernelHabits;
import io.github.paravane.testkit.guest.KernelObject;
import io.github.paravane.testkit.guest.KernelUserBit;
import io.github.paravane.testkit.guest.Mapping;
import io.github.paravane.testkit.guest.ModelMachine;
import io.github.paravane.testkit.guest.ProcessEnd;
import io.github.paravane.testkit.guest.PteWrite;
import io.github.paravane.testkit.guest.SolarisLikeKernel;
import io.github.paravane.testkit.guest.UserProgram;
import java.util.Map;

/**
 * What came of one kernel on one version: one kernel page that the kernel touches on its way to user mode, one user page
 * that a process touches between system calls.
 *
 * @param survives whether the kernel lived to run processes
 * @param kernelEntry the stored entry of the kernel page, 0 if the kernel died before it could be read
 * @param userEntry the stored entry of the user page, 0 likewise
 * @param leaks whether a process could read the kernel page
 * @param userFills how often the user page had to be looked up in {@link #CALLS} system calls
 */
record Experiment(boolean survives, long kernelEntry, long userEntry, boolean leaks, long userFills) {

    /** System calls of the process that touches the user page. */
    static final int CALLS = 50;

    private static final long OBJECT = 0xFFFF_FF01_D6F0_9C00L;

    static Experiment of(AbiProfile profile, KernelUserBit user, PteWrite write) {
        SolarisLikeKernel kernel = new SolarisLikeKernel(new KernelHabits(user, false, write))
                .allocate(new KernelObject(OBJECT, 0x400, 0, "thread structure"))
                .calls(new KernelFunction("thread_onproc", OBJECT, KernelFunction.Path.RETURN_TO_USER))
                .run("readkern", UserProgram.readkern(OBJECT))
                .run("touch", UserProgram.touchAndCall(CALLS));
        ModelMachine stage = new ModelMachine(profile, kernel);
        boolean survives = stage.play();
        ProcessEnd readkern = kernel.ends().get("readkern");
        return new Experiment(
                survives,
                leaf(kernel.mappings(), OBJECT & ~0xFFFL),
                leaf(kernel.mappings(), UserProgram.DATA),
                readkern != null && readkern.exited(),
                stage.fills(UserProgram.DATA));
    }

    private static long leaf(Map<Long, Mapping> mappings, long page) {
        Mapping mapping = mappings.get(page);
        return mapping == null ? 0 : mapping.leaf();
    }

    /** Whether the user page had to be looked up again after every system call. */
    boolean isSlow() {
        return userFills >= CALLS;
    }

    /** What became of the kernel page: {@code U-K safe}, {@code UG- LEAK}, {@code --- panic}. */
    String kernelOutcome() {
        if (!survives) {
            return bits(kernelEntry) + " panic";
        }
        return bits(kernelEntry) + (leaks ? " LEAK" : " safe");
    }

    /** What became of the user page: {@code UG- kept}, {@code U-- slow}. */
    String userOutcome() {
        return survives ? bits(userEntry) + (isSlow() ? " slow" : " kept") : "--- panic";
    }

    /** U/S, G and guest-kernel bit of an entry. */
    static String bits(long entry) {
        return ((entry & Pte.USER) == 0 ? "-" : "U")
                + ((entry & Pte.GLOBAL) == 0 ? "-" : "G")
                + ((entry & Pte.GUEST_KERNEL) == 0 ? "-" : "K");
    }
}
