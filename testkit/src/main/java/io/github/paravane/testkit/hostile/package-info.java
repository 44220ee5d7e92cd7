/** Guests that attack: random hypercalls and stores by domains that share frames, and the audits that follow them. */
@NullMarked
package io.github.paravane.testkit.hostile;

import org.jspecify.annotations.NullMarked;
