/** Known bugs of ways into and out of the guest kernel. */
@NullMarked
package io.github.paravane.testkit.advisory.entry;

import org.jspecify.annotations.NullMarked;
