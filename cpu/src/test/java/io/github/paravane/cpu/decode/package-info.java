@NullMarked
package io.github.paravane.cpu.decode;

import org.jspecify.annotations.NullMarked;
