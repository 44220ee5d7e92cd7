/** The CPU core: registers, traps, exits, budgets, and the emulation of one instruction against callbacks. */
@NullMarked
package io.github.paravane.api.cpu;

import org.jspecify.annotations.NullMarked;
