/**
 * Every way into and out of the guest kernel: traps, bounce frames, the mode switch, the iret hypercall, and the
 * emulation of privileged instructions.
 */
@NullMarked
package io.github.paravane.hypervisor.trap;

import org.jspecify.annotations.NullMarked;
