/** The frame table: owner, type and reference counts of every machine frame. */
@NullMarked
package io.github.paravane.hypervisor.frame;

import org.jspecify.annotations.NullMarked;
