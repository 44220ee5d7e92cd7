/** Event channels and the delivery of events. */
@NullMarked
package io.github.paravane.hypervisor.event;

import org.jspecify.annotations.NullMarked;
