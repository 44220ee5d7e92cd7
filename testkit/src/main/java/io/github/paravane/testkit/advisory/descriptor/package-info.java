/** Known bugs of segment descriptors and gates. */
@NullMarked
package io.github.paravane.testkit.advisory.descriptor;

import org.jspecify.annotations.NullMarked;
