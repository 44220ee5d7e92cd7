package io.github.paravane.testkit.guest;

/** Whether a kernel sets U/S (Solaris: PT_USER) in the entries of its own pages. */
public enum KernelUserBit {
    /** Always, as Solaris did before bug 6618391 was fixed. */
    SET,
    /** Never, as the ABI asks since Xen 3.0.3. */
    CLEAR,
    /** Where the version that the hypervisor reports is one whose compare-and-exchange would lose it: {@code pt_kern}. */
    BY_VERSION
}
