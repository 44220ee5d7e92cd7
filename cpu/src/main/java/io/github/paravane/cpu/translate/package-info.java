/** Class files: what a translator of guest code needs of the format, ignorant of instructions. */
@NullMarked
package io.github.paravane.cpu.translate;

import org.jspecify.annotations.NullMarked;
