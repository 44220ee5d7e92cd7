/** Known bugs of hypercalls, their pointers and the vCPU context. */
@NullMarked
package io.github.paravane.testkit.advisory.hypercall;

import org.jspecify.annotations.NullMarked;
