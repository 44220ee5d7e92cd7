/** Known bugs of what stays in the TLB. */
@NullMarked
package io.github.paravane.testkit.advisory.tlb;

import org.jspecify.annotations.NullMarked;
