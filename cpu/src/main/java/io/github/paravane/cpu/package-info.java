/** The x86-64 core of Paravane and the CPUID that describes it. */
@NullMarked
package io.github.paravane.cpu;

import org.jspecify.annotations.NullMarked;
