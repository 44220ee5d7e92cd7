/** Known bugs of privileged instructions and their emulation. */
@NullMarked
package io.github.paravane.testkit.advisory.privileged;

import org.jspecify.annotations.NullMarked;
