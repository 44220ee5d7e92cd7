/** Watching a machine. */
@NullMarked
package io.github.paravane.samples.observer;

import org.jspecify.annotations.NullMarked;
