/** Grant tables: frames that domains let each other use (abi-reference 3.15). */
@NullMarked
package io.github.paravane.hypervisor.grant;

import org.jspecify.annotations.NullMarked;
