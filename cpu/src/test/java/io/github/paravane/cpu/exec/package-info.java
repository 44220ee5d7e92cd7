@NullMarked
package io.github.paravane.cpu.exec;

import org.jspecify.annotations.NullMarked;
