/** Hypercalls about entries into the guest kernel, its registers, and lists of hypercalls. */
@NullMarked
package io.github.paravane.hypervisor.hypercall.entry;

import org.jspecify.annotations.NullMarked;
