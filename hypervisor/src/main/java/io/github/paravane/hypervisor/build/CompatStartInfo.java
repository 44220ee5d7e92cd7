package io.github.paravane.hypervisor.build;

import io.github.paravane.api.guest.StartInfo;
import io.github.paravane.api.memory.MachineMemory;
import java.nio.charset.StandardCharsets;

/** The start_info page of a 32-bit domain (abi-reference 8.4). */
final class CompatStartInfo {

    private static final int PRIVILEGED = 1;

    private final MachineMemory memory;
    private final long maddr;

    CompatStartInfo(MachineMemory memory, long maddr) {
        this.memory = memory;
        this.maddr = maddr;
    }

    void write(StartInfo info, byte[] commandLine) {
        byte[] magic = "xen-3.0-x86_32p".getBytes(StandardCharsets.US_ASCII);
        memory.write(maddr, magic, 0, magic.length);
        put(32, info.nrPages());
        put(36, info.sharedInfo());
        put(40, info.flags());
        if ((info.flags() & PRIVILEGED) == 0) {
            put(44, info.storeMfn());
            put(48, info.storeEvtchn());
            put(52, info.consoleMfn());
            put(56, info.consoleEvtchn());
        }
        put(60, info.ptBase());
        put(64, info.nrPtFrames());
        put(68, info.mfnList());
        put(72, info.modStart());
        put(76, info.modLen());
        memory.write(maddr + 80, commandLine, 0, commandLine.length);
    }

    private void put(int offset, long value) {
        memory.writeU32(maddr + offset, (int) value);
    }
}
