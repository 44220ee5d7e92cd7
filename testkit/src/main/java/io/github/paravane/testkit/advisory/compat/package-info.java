/** Known bugs of 32-bit PAE domains on the 64-bit hypervisor. */
@NullMarked
package io.github.paravane.testkit.advisory.compat;

import org.jspecify.annotations.NullMarked;
