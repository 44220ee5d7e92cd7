/** Hypercalls: what the hypervisor runs when a guest kernel executes {@code syscall}. */
@NullMarked
package io.github.paravane.api.hypercall;

import org.jspecify.annotations.NullMarked;
