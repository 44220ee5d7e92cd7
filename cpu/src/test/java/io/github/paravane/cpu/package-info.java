/** Tests of the core through its exported face, on fake neighbours. */
@NullMarked
package io.github.paravane.cpu;

import org.jspecify.annotations.NullMarked;
