/** How a fault unwinds inside the core. */
@NullMarked
package io.github.paravane.cpu.fault;

import org.jspecify.annotations.NullMarked;
