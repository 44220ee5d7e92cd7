package io.github.paravane.hypervisor.store;

import io.github.paravane.api.hypercall.XenErrno;

/** A request is refused; the client gets the errno's name. Stackless; never leaves the package. */
final class StoreFailure extends Exception {

    private static final long serialVersionUID = 1L;

    private final XenErrno errno;

    StoreFailure(XenErrno errno) {
        super(errno.name(), null, false, false);
        this.errno = errno;
    }

    XenErrno errno() {
        return errno;
    }
}
