/** Guest kernels that behave as real ones do where it matters: their page-table habits and their ways in and out. */
@NullMarked
package io.github.paravane.testkit.guest;

import org.jspecify.annotations.NullMarked;
