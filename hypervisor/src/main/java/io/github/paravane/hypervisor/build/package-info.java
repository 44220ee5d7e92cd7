/** Domain builder: kernel files, Xen notes, initial tables and start-of-day pages (abi-reference 6). */
@NullMarked
package io.github.paravane.hypervisor.build;

import org.jspecify.annotations.NullMarked;
