/** The hypercall table and the context a hypercall runs in. */
@NullMarked
package io.github.paravane.hypervisor.hypercall;

import org.jspecify.annotations.NullMarked;
