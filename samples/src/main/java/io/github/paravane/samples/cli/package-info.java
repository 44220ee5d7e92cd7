/** The {@code paravane} command. */
@NullMarked
package io.github.paravane.samples.cli;

import org.jspecify.annotations.NullMarked;
