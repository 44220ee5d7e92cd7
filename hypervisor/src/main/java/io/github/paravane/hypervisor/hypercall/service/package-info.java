/** Hypercalls outside the MMU and entry paths: events, scheduling, vCPUs, time, versions, consoles, refusals. */
@NullMarked
package io.github.paravane.hypervisor.hypercall.service;

import org.jspecify.annotations.NullMarked;
