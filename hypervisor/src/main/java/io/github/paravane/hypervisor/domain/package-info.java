/** Domains and their virtual CPUs: state that the rest of the hypervisor works on. */
@NullMarked
package io.github.paravane.hypervisor.domain;

import org.jspecify.annotations.NullMarked;
