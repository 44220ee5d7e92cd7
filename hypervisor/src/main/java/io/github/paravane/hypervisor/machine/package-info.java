/** The machine: composed here, run here. The only package that knows all others. */
@NullMarked
package io.github.paravane.hypervisor.machine;

import org.jspecify.annotations.NullMarked;
