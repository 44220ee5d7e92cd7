/** ABI profiles: everything that differs between versions of the PV ABI, as immutable data. */
@NullMarked
package io.github.paravane.api.profile;

import org.jspecify.annotations.NullMarked;
