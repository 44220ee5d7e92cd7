/**
 * Page tables that guests write and the hypervisor checks: types and counts of frames, validation of entries, pins, base
 * tables, and the one class that stores into tables (Xen {@code arch/x86/mm.c}; abi-reference 1, 2, 5).
 */
@NullMarked
package io.github.paravane.hypervisor.pagetable;

import org.jspecify.annotations.NullMarked;
