/**
 * The ABI profiles: one constant per version of Xen's PV ABI, each the previous one plus its differences.
 *
 * <p>Reading the files {@code Xen30}, {@code Xen31} ... in order is reading the history of the ABI. Values were read from
 * Xen's sources at the tags that a profile's {@link io.github.paravane.api.profile.Provenance} names. A profile stands for
 * an unprivileged 64-bit domain on a default build; what depends on the processor (NX, FSGSBASE) is given as on a processor
 * that has it.
 */
@NullMarked
package io.github.paravane.hypervisor.profiles;

import org.jspecify.annotations.NullMarked;
