@NullMarked
package io.github.paravane.cpu.state;

import org.jspecify.annotations.NullMarked;
