/** The architectural state of the core: registers, lazy flags, segments, x87 and SSE. */
@NullMarked
package io.github.paravane.cpu.state;

import org.jspecify.annotations.NullMarked;
