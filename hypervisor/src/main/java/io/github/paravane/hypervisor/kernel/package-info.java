/** Guest kernels written in Java: a core that runs Java in guest-kernel mode and machine code in user mode. */
@NullMarked
package io.github.paravane.hypervisor.kernel;

import org.jspecify.annotations.NullMarked;
