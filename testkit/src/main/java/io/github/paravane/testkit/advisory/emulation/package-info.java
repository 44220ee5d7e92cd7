/** Known bugs of the emulation of page-table writes. */
@NullMarked
package io.github.paravane.testkit.advisory.emulation;

import org.jspecify.annotations.NullMarked;
