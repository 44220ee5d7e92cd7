/** Guests of one's own: a kernel in assembly language, and one in Java. */
@NullMarked
package io.github.paravane.samples.guest;

import org.jspecify.annotations.NullMarked;
