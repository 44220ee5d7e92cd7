package io.github.paravane.api.hypercall;

/** Error numbers that hypercalls return, negated, in RAX (Xen {@code public/errno.h}). */
public enum XenErrno {
    EPERM(1),
    ENOENT(2),
    ESRCH(3),
    EINTR(4),
    EIO(5),
    ENXIO(6),
    E2BIG(7),
    ENOEXEC(8),
    EAGAIN(11),
    ENOMEM(12),
    EACCES(13),
    EFAULT(14),
    EBUSY(16),
    EEXIST(17),
    ENODEV(19),
    EINVAL(22),
    ENOSPC(28),
    EDOM(33),
    ERANGE(34),
    ENOSYS(38),
    ENODATA(61),
    ETIME(62),
    EILSEQ(84),
    /** Inside the hypervisor only: the call was interrupted and goes on, see {@link HypercallOutcome#CONTINUED}. */
    ERESTART(85),
    EOPNOTSUPP(95),
    ENOBUFS(105);

    private final int number;

    XenErrno(int number) {
        this.number = number;
    }

    /** The positive number. */
    public int number() {
        return number;
    }

    /** What a guest finds in RAX: the negated number. */
    public long result() {
        return -number;
    }
}
