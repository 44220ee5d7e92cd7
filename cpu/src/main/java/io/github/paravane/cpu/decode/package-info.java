/** The instruction table and the decoder; knows nothing of execution. */
@NullMarked
package io.github.paravane.cpu.decode;

import org.jspecify.annotations.NullMarked;
