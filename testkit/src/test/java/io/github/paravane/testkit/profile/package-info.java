/** The versions of the ABI as a guest sees them. */
@NullMarked
package io.github.paravane.testkit.profile;

import org.jspecify.annotations.NullMarked;
