/** A CPU core of one's own. */
@NullMarked
package io.github.paravane.samples.core;

import org.jspecify.annotations.NullMarked;
