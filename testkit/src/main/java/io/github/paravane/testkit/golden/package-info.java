/**
 * Golden logs: what a guest printed on the real hypervisor, kept with its provenance and compared line by line with what
 * it prints here.
 */
@NullMarked
package io.github.paravane.testkit.golden;

import org.jspecify.annotations.NullMarked;
