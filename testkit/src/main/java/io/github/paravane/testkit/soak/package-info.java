/**
 * Guests that nobody would write, in any number: {@link io.github.paravane.testkit.soak.GuestSoak} runs one for each seed
 * and says whether the host stayed sound.
 */
@NullMarked
package io.github.paravane.testkit.soak;

import org.jspecify.annotations.NullMarked;
