/** Known bugs of validation, types and reference counts of page tables. */
@NullMarked
package io.github.paravane.testkit.advisory.paging;

import org.jspecify.annotations.NullMarked;
