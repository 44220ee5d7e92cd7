/** The documentation of the PV ABI, written from a profile: {@code paravane abi book}. */
@NullMarked
package io.github.paravane.samples.book;

import org.jspecify.annotations.NullMarked;
