package io.github.paravane.hypervisor.hypercall;

import io.github.paravane.api.memory.MachineMemory;
import io.github.paravane.api.profile.AbiProfile;
import io.github.paravane.api.profile.VersionRules;
import java.util.Arrays;

/**
 * The hypercall page: 128 stubs of 32 bytes that a guest kernel calls with CALL (Xen {@code hypercall_page}). Stub n
 * keeps RCX and R11, loads n into EAX and executes SYSCALL; stub 23 (iret) also pushes RAX and does not come back. The stubs
 * of a 32-bit guest load EAX and execute INT 82h, that of iret after it has pushed EAX.
 */
public final class HypercallPage {

    /** Number of stubs. */
    public static final int STUBS = 128;

    /** Bytes from one stub to the next. */
    public static final int STUB_SIZE = 32;

    /** The stub of the iret hypercall. */
    public static final int IRET = 23;

    private static final byte FILLER = (byte) 0xCC;
    private static final byte PUSH_RAX = 0x50;
    private static final byte[] SAVE = {0x51, 0x41, 0x53};
    private static final byte MOV_EAX = (byte) 0xB8;
    private static final byte[] SYSCALL = {0x0F, 0x05};
    private static final byte[] INT_82 = {(byte) 0xCD, (byte) 0x82};
    private static final byte RETURN = (byte) 0xC3;
    private static final byte[] RESTORE_AND_RETURN = {0x41, 0x5B, 0x59, (byte) 0xC3};

    private HypercallPage() {}

    /** Writes the stubs of a 64-bit guest into frame {@code mfn}. */
    public static void write(AbiProfile profile, MachineMemory memory, long mfn) {
        write(profile, memory, mfn, false);
    }

    /** Writes the stubs of a guest, {@code compat} for a 32-bit one, into frame {@code mfn}. */
    public static void write(AbiProfile profile, MachineMemory memory, long mfn, boolean compat) {
        byte[] page = image(profile, memory, mfn, compat);
        memory.write(mfn << MachineMemory.FRAME_SHIFT, page, 0, MachineMemory.FRAME_SIZE);
    }

    /** The 4096 bytes of the page: the stubs, and between them INT3 or, in old versions, what frame {@code mfn} holds. */
    public static byte[] image(AbiProfile profile, MachineMemory memory, long mfn, boolean compat) {
        byte[] page = new byte[MachineMemory.FRAME_SIZE];
        if (profile.get(VersionRules.HYPERCALL_PAGE_FILLED)) {
            Arrays.fill(page, FILLER);
        } else {
            memory.read(mfn << MachineMemory.FRAME_SHIFT, page, 0, MachineMemory.FRAME_SIZE);
        }
        for (int stub = 0; stub < STUBS; stub++) {
            if (compat) {
                writeCompatStub(page, stub);
            } else {
                writeStub(page, stub);
            }
        }
        return page;
    }

    private static void writeStub(byte[] page, int number) {
        int at = append(page, number * STUB_SIZE, SAVE);
        if (number == IRET) {
            page[at++] = PUSH_RAX;
        }
        page[at++] = MOV_EAX;
        page[at++] = (byte) number;
        page[at++] = 0;
        page[at++] = 0;
        page[at++] = 0;
        at = append(page, at, SYSCALL);
        if (number != IRET) {
            append(page, at, RESTORE_AND_RETURN);
        }
    }

    private static void writeCompatStub(byte[] page, int number) {
        int at = number * STUB_SIZE;
        if (number == IRET) {
            page[at++] = PUSH_RAX;
        }
        at = append(page, at, new byte[] {MOV_EAX, (byte) number, 0, 0, 0});
        at = append(page, at, INT_82);
        if (number != IRET) {
            page[at] = RETURN;
        }
    }

    private static int append(byte[] page, int at, byte[] bytes) {
        System.arraycopy(bytes, 0, page, at, bytes.length);
        return at + bytes.length;
    }
}
