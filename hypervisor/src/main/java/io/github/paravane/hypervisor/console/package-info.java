/** The back end of the PV console. */
@NullMarked
package io.github.paravane.hypervisor.console;

import org.jspecify.annotations.NullMarked;
