package io.github.paravane.api.guest;

/**
 * The frame of the iret hypercall (abi-reference 4.6), lowest address first.
 *
 * @param rax RAX afterwards
 * @param r11 R11 afterwards, unless {@code flags} has VGCF_in_syscall (100h)
 * @param rcx RCX afterwards, likewise
 * @param flags VGCF flags
 * @param rip RIP
 * @param cs CS; RPL 3 returns to user mode
 * @param rflags RFLAGS; IF clear masks events
 * @param rsp RSP
 * @param ss SS
 */
public record IretFrame(long rax, long r11, long rcx, long flags, long rip, long cs, long rflags, long rsp, long ss) {}
