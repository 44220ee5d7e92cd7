package io.github.paravane.hypervisor.pagetable;

import io.github.paravane.hypervisor.domain.Domain;
import io.github.paravane.hypervisor.domain.Platform;

/** The bits of entries by the kind of domain that owns the table: 64-bit, or 32-bit. */
final class DomainBits {

    private final Platform platform;
    private final EntryBits wide;
    private final EntryBits compat;

    DomainBits(Platform platform) {
        this.platform = platform;
        long frames = platform.frames().frames();
        wide = new EntryBits(platform.profile(), platform.options(), frames);
        compat = new EntryBits(platform.profile(), platform.options(), frames, true);
    }

    /** Those of a 64-bit domain. */
    EntryBits wide() {
        return wide;
    }

    /** Those of tables of domain {@code owner}. */
    EntryBits of(int owner) {
        return platform.hasCompatDomains() && isCompat(owner) ? compat : wide;
    }

    /** Whether domain {@code owner} is a 32-bit one. */
    boolean isCompat(int owner) {
        if (!platform.hasCompatDomains()) {
            return false;
        }
        Domain domain = platform.domain(owner);
        return domain != null && domain.isCompat();
    }
}
