package io.github.paravane.api.hypercall;

/**
 * One hypercall, or an embedder's replacement of one. Both go through the same table.
 *
 * <p>Runs on the machine's thread, with the calling vCPU's kernel tables loaded. Everything in the context comes from a
 * hostile guest. What the guest did wrong is answered by an errno; an implementation throws only {@link GuestFault},
 * which the dispatcher answers with -EFAULT.
 */
@FunctionalInterface
public interface Hypercall {

    /** Performs the call. */
    HypercallOutcome call(HypercallContext context);
}
