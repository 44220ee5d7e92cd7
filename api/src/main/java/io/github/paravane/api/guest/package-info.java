/** Guests: kernel images, start-of-day state, and kernels written in Java. */
@NullMarked
package io.github.paravane.api.guest;

import org.jspecify.annotations.NullMarked;
