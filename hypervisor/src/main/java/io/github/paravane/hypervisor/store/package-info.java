/** A xenstored for one domain: the tree, permissions, watches, transactions, and the ring a guest talks over. */
@NullMarked
package io.github.paravane.hypervisor.store;

import org.jspecify.annotations.NullMarked;
