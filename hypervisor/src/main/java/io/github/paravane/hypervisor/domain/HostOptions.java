package io.github.paravane.hypervisor.domain;

import io.github.paravane.api.memory.FrameRange;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a version of the ABI leaves to the host: features of its processor and boot options of the hypervisor. Immutable,
 * each method gives a changed copy.
 */
public final class HostOptions {

    /** A processor with NX and machine addresses of 46 bits that is not vulnerable to L1TF, and no boot option given. */
    public static final HostOptions DEFAULT = new HostOptions(true, false, true, false, true, 46, null);

    private final boolean noExecute;
    private final boolean superpages;
    private final boolean linearTables;
    private final boolean vulnerableToL1tf;
    private final boolean compatDomains;
    private final int physicalWidth;
    private final @Nullable FrameRange readOnlyDevices;

    private HostOptions(
            boolean noExecute,
            boolean superpages,
            boolean linearTables,
            boolean vulnerableToL1tf,
            boolean compatDomains,
            int physicalWidth,
            @Nullable FrameRange readOnlyDevices) {
        this.noExecute = noExecute;
        this.superpages = superpages;
        this.linearTables = linearTables;
        this.vulnerableToL1tf = vulnerableToL1tf;
        this.compatDomains = compatDomains;
        this.physicalWidth = physicalWidth;
        this.readOnlyDevices = readOnlyDevices;
    }

    /** Sets whether the processor has NX (CPUID 80000001 EDX bit 20). */
    public HostOptions withNoExecute(boolean value) {
        return new HostOptions(
                value, superpages, linearTables, vulnerableToL1tf, compatDomains, physicalWidth, readOnlyDevices);
    }

    /** Sets the boot option allowsuperpage (allowhugepage before 4.1), where the version has it. */
    public HostOptions withSuperpages(boolean value) {
        return new HostOptions(
                noExecute, value, linearTables, vulnerableToL1tf, compatDomains, physicalWidth, readOnlyDevices);
    }

    /** Sets the boot option pv-linear-pt: whether a table may name a table of its own level. */
    public HostOptions withLinearTables(boolean value) {
        return new HostOptions(
                noExecute, superpages, value, vulnerableToL1tf, compatDomains, physicalWidth, readOnlyDevices);
    }

    /**
     * Sets whether the processor is vulnerable to L1TF and the hypervisor, built without shadow paging, crashes a domain
     * that would use it.
     */
    public HostOptions withL1tf(boolean value) {
        return new HostOptions(
                noExecute, superpages, linearTables, value, compatDomains, physicalWidth, readOnlyDevices);
    }

    /**
     * Sets the width of machine addresses in bits (CPUID 80000008 EAX), from which on the frame bits of an entry are
     * reserved.
     *
     * @throws IllegalArgumentException unless 32 to 52
     */
    public HostOptions withPhysicalWidth(int bits) {
        if (bits < 32 || bits > 52) {
            throw new IllegalArgumentException("physical width out of range [32, 52]: 0x" + Integer.toHexString(bits));
        }
        return new HostOptions(
                noExecute, superpages, linearTables, vulnerableToL1tf, compatDomains, bits, readOnlyDevices);
    }

    /** Sets whether 32-bit domains are run, where the version leaves that to the boot option pv. */
    public HostOptions withCompatDomains(boolean value) {
        return new HostOptions(
                noExecute, superpages, linearTables, vulnerableToL1tf, value, physicalWidth, readOnlyDevices);
    }

    /** Sets device frames that the hypervisor lets nobody write, such as configuration space. */
    public HostOptions withReadOnlyDevices(FrameRange frames) {
        return new HostOptions(
                noExecute,
                superpages,
                linearTables,
                vulnerableToL1tf,
                compatDomains,
                physicalWidth,
                Objects.requireNonNull(frames, "frames"));
    }

    /** Whether the processor has NX. */
    public boolean noExecute() {
        return noExecute;
    }

    /** Whether allowsuperpage is given. */
    public boolean superpages() {
        return superpages;
    }

    /** Whether linear tables are left on. */
    public boolean linearTables() {
        return linearTables;
    }

    /** Whether entries that are not present are dangerous. */
    public boolean vulnerableToL1tf() {
        return vulnerableToL1tf;
    }

    /** Whether 32-bit domains are run. */
    public boolean compatDomains() {
        return compatDomains;
    }

    /** Width of machine addresses in bits. */
    public int physicalWidth() {
        return physicalWidth;
    }

    /** Device frames that nobody may write. */
    public Optional<FrameRange> readOnlyDevices() {
        return Optional.ofNullable(readOnlyDevices);
    }
}
