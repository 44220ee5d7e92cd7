/** The shortest program that runs a domain. */
@NullMarked
package io.github.paravane.samples.quickstart;

import org.jspecify.annotations.NullMarked;
