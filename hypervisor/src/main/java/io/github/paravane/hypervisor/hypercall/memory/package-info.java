/** Hypercalls on page tables, memory, descriptors and grants (abi-reference 3.1 to 3.5, 3.12 to 3.15). */
@NullMarked
package io.github.paravane.hypervisor.hypercall.memory;

import org.jspecify.annotations.NullMarked;
