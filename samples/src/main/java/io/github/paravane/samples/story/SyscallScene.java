package io.github.paravane.samples.story;

import io.github.paravane.api.profile.AbiProfile;
import io.github.paravane.testkit.guest.KernelHabits;
import io.github.paravane.testkit.guest.KernelUserBit;
import io.github.paravane.testkit.guest.ModelMachine;
import io.github.paravane.testkit.guest.ProcessEnd;
import io.github.paravane.testkit.guest.PteWrite;
import io.github.paravane.testkit.guest.SolarisLikeKernel;
import io.github.paravane.testkit.guest.SyscallFrame;
import io.github.paravane.testkit.guest.UserProgram;
import java.io.PrintWriter;
import java.util.List;
import java.util.Objects;

/** Bug 1: what a process finds in %rflags after its first system call. */
final class SyscallScene {

    /** SF, ZF, AF, PF, CF and the bit that is always set; IF as every process has it. */
    private static final int FLAGS = 0x2D7;

    private static final int TRAP_FLAG = 0x100;
    private static final List<String> FLAG_NAMES = List.of(
            "CF", "", "PF", "", "AF", "", "ZF", "SF", "TF", "IF", "DF", "OF", "IOPL0", "IOPL1", "NT", "", "RF", "VM",
            "AC");

    private SyscallScene() {}

    static boolean isFaulty(AbiProfile profile) {
        return !play(profile, true).isUnharmed();
    }

    private record Outcome(SyscallFrame frame, ProcessEnd end) {

        boolean isUnharmed() {
            return end.exited() && end.reported().equals(List.of((long) FLAGS));
        }

        String fate() {
            if (end.exited()) {
                long after = end.reported().get(0);
                return "%s after the call: %s".formatted(flags(after), after == FLAGS ? "as before" : "CORRUPT");
            }
            String signal = (end.rflags() & TRAP_FLAG) == 0 ? "a fault" : "a trap it never asked for";
            return "%s after the call: CORRUPT, killed by %s (vector %d)"
                    .formatted(flags(end.rflags()), signal, end.vector());
        }
    }

    private static Outcome play(AbiProfile profile, boolean trusts) {
        SolarisLikeKernel kernel = new SolarisLikeKernel(
                        new KernelHabits(KernelUserBit.SET, trusts, PteWrite.MMU_UPDATE))
                .run("ls", UserProgram.flagsAcrossSyscall(FLAGS));
        new ModelMachine(profile, kernel).play();
        return new Outcome(
                kernel.frames().get(0), Objects.requireNonNull(kernel.ends().get("ls"), "end of the process"));
    }

    static void print(PrintWriter out, List<AbiProfile> profiles) {
        out.println("1. user %rflags after a system call (6616864 amd64 syscall handler needs fixing for xen 3.1.1)");
        out.println();
        out.println(
                "   Xen pushes a frame and enters the kernel. The ABI promises the words from +10 on; what lies in the");
        out.println(
                "   two below is whatever Xen's own entry code left there. Old Solaris took the user's rip and rflags from");
        out.println("   those two. A process with rflags " + flags(FLAGS) + " makes one system call:");
        for (AbiProfile profile : profiles) {
            Outcome old = play(profile, true);
            out.println();
            out.println("   " + profile.name());
            printFrame(out, old.frame);
            out.println("     old Solaris: " + old.fate());
            out.println("     new Solaris: " + play(profile, false).fate());
        }
        out.println();
    }

    private static void printFrame(PrintWriter out, SyscallFrame frame) {
        String unlike = frame.r11() == frame.rflags() ? "" : "   <- not the user's flags: an address in Xen's text";
        out.printf("     +00 rcx    %016x%n", frame.rcx());
        out.printf("     +08 r11    %016x%s%n", frame.r11(), unlike);
        out.printf("     +10 rip    %016x%n", frame.rip());
        out.printf("     +18 cs     %016x%n", frame.cs());
        out.printf("     +20 rflags %016x%n", frame.rflags());
        out.printf("     +28 rsp    %016x%n", frame.rsp());
        out.printf("     +30 ss     %016x%n", frame.ss());
    }

    private static String flags(long rflags) {
        StringBuilder text = new StringBuilder("0x" + Long.toHexString(rflags) + " <");
        for (int bit = FLAG_NAMES.size() - 1; bit >= 0; bit--) {
            if ((rflags >>> bit & 1) != 0 && !FLAG_NAMES.get(bit).isEmpty()) {
                text.append(text.charAt(text.length() - 1) == '<' ? "" : ",").append(FLAG_NAMES.get(bit));
            }
        }
        return text.append('>').toString();
    }
}
