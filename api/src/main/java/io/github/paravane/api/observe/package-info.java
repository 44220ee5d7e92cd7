/** Observers: what a machine does, told as events; observers watch and never decide. */
@NullMarked
package io.github.paravane.api.observe;

import org.jspecify.annotations.NullMarked;
