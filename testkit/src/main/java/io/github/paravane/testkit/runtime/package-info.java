/**
 * What a guest in machine code needs around its experiment: start of day, a console, hypercalls, look-ups of frames and
 * page-table entries, traps that are caught, user mode. {@link io.github.paravane.testkit.runtime.GuestRuntime} writes
 * it around the code of a probe or of a known bug; the resulting kernel boots on our machine and on a real Xen, as
 * dom0 or as an unprivileged domain.
 */
@NullMarked
package io.github.paravane.testkit.runtime;

import org.jspecify.annotations.NullMarked;
