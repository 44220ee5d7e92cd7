/** Hypercalls as 32-bit domains make them: their words have 4 bytes, and some calls have other arguments (abi-reference 8.4). */
@NullMarked
package io.github.paravane.hypervisor.hypercall.compat;

import org.jspecify.annotations.NullMarked;
