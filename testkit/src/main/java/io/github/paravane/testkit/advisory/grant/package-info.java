/** Known bugs of grant tables. */
@NullMarked
package io.github.paravane.testkit.advisory.grant;

import org.jspecify.annotations.NullMarked;
