package io.github.paravane.testkit.guest;

import java.util.Objects;

/**
 * What one kernel does and another does not.
 *
 * @param userOnKernelPages whether entries of kernel pages get U/S
 * @param trustsFrameRcxR11 takes the user's RIP and RFLAGS from the RCX and R11 slots of a syscall frame, as Solaris did
 *     before its fix, instead of the RIP and RFLAGS slots
 * @param entries how it writes leaf entries
 */
public record KernelHabits(KernelUserBit userOnKernelPages, boolean trustsFrameRcxR11, PteHabits entries) {

    public KernelHabits {
        Objects.requireNonNull(userOnKernelPages, "userOnKernelPages");
        Objects.requireNonNull(entries, "entries");
    }

    /** Habits with one way of writing entries, whatever for. */
    public KernelHabits(KernelUserBit userOnKernelPages, boolean trustsFrameRcxR11, PteWrite write) {
        this(userOnKernelPages, trustsFrameRcxR11, PteHabits.all(write));
    }

    /** Solaris as it was before the bugs of 2007 were found: PT_USER everywhere, and RCX and R11 believed. */
    public static KernelHabits oldSolaris() {
        return new KernelHabits(KernelUserBit.SET, true, PteHabits.solaris());
    }

    /** Solaris with bugs 6616864 and 6618391 fixed. */
    public static KernelHabits newSolaris() {
        return new KernelHabits(KernelUserBit.BY_VERSION, false, PteHabits.solaris());
    }

    /** Linux 6.1. */
    public static KernelHabits linux() {
        return new KernelHabits(KernelUserBit.CLEAR, false, PteHabits.linux());
    }

    /** The same with another rule for U/S. */
    public KernelHabits with(KernelUserBit user) {
        return new KernelHabits(user, trustsFrameRcxR11, entries);
    }

    /** The same with another way of writing entries. */
    public KernelHabits with(PteHabits habits) {
        return new KernelHabits(userOnKernelPages, trustsFrameRcxR11, habits);
    }

    /** The same with or without trust in the RCX and R11 slots. */
    public KernelHabits trustingFrameRcxR11(boolean trusts) {
        return new KernelHabits(userOnKernelPages, trusts, entries);
    }
}
