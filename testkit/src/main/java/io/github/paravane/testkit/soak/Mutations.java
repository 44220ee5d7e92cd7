package io.github.paravane.testkit.soak;

import static io.github.paravane.testkit.asm.Gpr.RAX;
import static io.github.paravane.testkit.asm.Gpr.RDX;
import static io.github.paravane.testkit.asm.Memory.ptr;

import io.github.paravane.testkit.asm.Label;
import io.github.paravane.testkit.runtime.GuestRuntime;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Kernel files that work, and then bytes of them changed by chance. */
final class Mutations {

    private static final int HEADERS = 0x400;
    private static final byte[] OWN = own();

    private Mutations() {}

    /** Prints, changes page tables, enters user mode, faults, and ends: a bit of everything. */
    private static byte[] own() {
        GuestRuntime guest = new GuestRuntime();
        Label user = guest.asm().label("user");
        Label back = guest.asm().label("back");
        Label page = guest.page("page");
        guest.print("hello\n").protect(page, false).protect(page, true);
        guest.machineFrame(page);
        guest.printHex(RAX).print("\n");
        guest.asm().lea(RAX, ptr(page));
        guest.entry(1);
        guest.asm().mov(RAX, ptr(RAX));
        guest.update(RDX, RAX);
        guest.enterUser(user, back);
        guest.asm().bind(user).mov(RAX, 1).syscall().ud2();
        guest.asm().bind(back);
        guest.print("bye\n").shutDown();
        return guest.toElf();
    }

    private static byte[] copy(Random random, List<byte[]> kernels) {
        int index = random.nextInt(kernels.size() + 1);
        return (index == 0 ? OWN : kernels.get(index - 1)).clone();
    }

    /** Up to 64 bytes behind the headers. */
    static byte[] ofCode(Random random, List<byte[]> kernels) {
        byte[] file = copy(random, kernels);
        int changes = 1 << random.nextInt(7);
        for (int i = 0; i < changes; i++) {
            int at = Math.min(HEADERS, file.length / 2);
            change(random, file, at + random.nextInt(file.length - at));
        }
        return file;
    }

    /** Up to 8 bytes of the headers, or of the end, where notes and sections are; or a shorter file. */
    static byte[] ofFile(Random random, List<byte[]> kernels) {
        byte[] file = copy(random, kernels);
        int changes = 1 << random.nextInt(4);
        for (int i = 0; i < changes; i++) {
            int at = random.nextInt(Math.min(HEADERS, file.length));
            change(random, file, random.nextInt(3) > 0 ? at : file.length - 1 - at);
        }
        return random.nextInt(16) > 0 ? file : Arrays.copyOf(file, random.nextInt(file.length));
    }

    private static void change(Random random, byte[] file, int at) {
        file[at] = switch (random.nextInt(4)) {
            case 0 -> (byte) (file[at] ^ 1 << random.nextInt(8));
            case 1 -> (byte) (random.nextBoolean() ? 0 : -1);
            case 2 -> (byte) (file[at] + random.nextInt(17) - 8);
            default -> (byte) random.nextInt(256);
        };
    }
}
