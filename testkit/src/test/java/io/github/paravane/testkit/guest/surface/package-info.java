/** Guests that try everything of a kind once, and their transcripts on the real Xen. */
@NullMarked
package io.github.paravane.testkit.guest.surface;

import org.jspecify.annotations.NullMarked;
