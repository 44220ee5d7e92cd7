/**
 * The three bugs of 2007 that made Solaris and Xen disagree, played by guest kernels on the public API: what a system
 * call leaves in r11, kernel memory that user mode reads through the TLB, and the bits that a compare-and-exchange loses.
 */
@NullMarked
package io.github.paravane.samples.story;

import org.jspecify.annotations.NullMarked;
