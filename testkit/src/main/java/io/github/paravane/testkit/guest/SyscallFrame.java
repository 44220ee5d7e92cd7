package io.github.paravane.testkit.guest;

import io.github.paravane.api.guest.KernelPort;

/**
 * The frame of an entry without error code, as the hypervisor pushed it (abi-reference 4.3).
 *
 * @param rcx +00: not part of the contract; the user's RIP where the processor's RCX is passed on
 * @param r11 +08: not part of the contract; the user's RFLAGS where the processor's R11 is passed on
 * @param rip +10
 * @param cs +18: CS, and the saved event mask in bits 63:32
 * @param rflags +20
 * @param rsp +28
 * @param ss +30
 */
public record SyscallFrame(long rcx, long r11, long rip, long cs, long rflags, long rsp, long ss) {

    static SyscallFrame read(KernelPort port, long at) {
        return new SyscallFrame(
                port.load(at, 8),
                port.load(at + 8, 8),
                port.load(at + 16, 8),
                port.load(at + 24, 8),
                port.load(at + 32, 8),
                port.load(at + 40, 8),
                port.load(at + 48, 8));
    }
}
