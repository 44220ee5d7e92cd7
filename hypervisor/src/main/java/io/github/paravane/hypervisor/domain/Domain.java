package io.github.paravane.hypervisor.domain;

import io.github.paravane.api.observe.MachineEvent;
import io.github.paravane.hypervisor.event.EventChannels;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A domain: identity, limits, assists, and how it ended. Frames it owns are in the frame table. */
public final class Domain {

    /** vm_assist type 2: writable page tables. */
    public static final int ASSIST_WRITABLE_PAGETABLES = 2;

    /** vm_assist type 3: a 32-bit domain's L3 table may lie above 4 GiB. */
    public static final int ASSIST_PAE_EXTENDED_CR3 = 3;

    /** vm_assist type 4: architectural IOPL. */
    public static final int ASSIST_ARCHITECTURAL_IOPL = 4;

    /** vm_assist type 5: runstate update flag. */
    public static final int ASSIST_RUNSTATE_UPDATE_FLAG = 5;

    /** vm_assist type 32: strict M2P. */
    public static final int ASSIST_M2P_STRICT = 32;

    private final Platform platform;
    private final int id;
    private final Privilege privilege;
    private final long sharedInfoMfn;
    private final SharedLayout layout;
    private final EventChannels events;
    private final List<Vcpu> vcpus = new ArrayList<>();
    private long maxPages;
    private long assists;
    private boolean relaxedMsrs;
    private @Nullable Shutdown shutdown;
    private int shutdownCode = -1;
    private List<E820Entry> memoryMap = List.of();

    /** What a domain may do. */
    public enum Privilege {
        /** An ordinary domain. */
        NONE,
        /** The control and hardware domain (dom0). */
        CONTROL
    }

    /**
     * How a domain ended.
     *
     * @param reason Xen's SHUTDOWN_* number: 0 poweroff, 1 reboot, 2 suspend, 3 crash, 4 watchdog, 5 soft reset
     * @param detail for people; empty where the guest itself asked
     */
    public record Shutdown(int reason, String detail) {

        /** SHUTDOWN_crash. */
        public static final int CRASH = 3;

        private static final List<String> NAMES =
                List.of("poweroff", "reboot", "suspend", "crash", "watchdog", "soft_reset");

        /** The reason's name, or its number. */
        public String name() {
            return reason >= 0 && reason < NAMES.size() ? NAMES.get(reason) : Integer.toString(reason);
        }
    }

    /** A 64-bit domain. */
    public Domain(Platform platform, int id, Privilege privilege, long sharedInfoMfn, long maxPages) {
        this(platform, id, privilege, sharedInfoMfn, maxPages, SharedLayout.WIDE);
    }

    public Domain(
            Platform platform, int id, Privilege privilege, long sharedInfoMfn, long maxPages, SharedLayout layout) {
        this.layout = Objects.requireNonNull(layout, "layout");
        this.platform = Objects.requireNonNull(platform, "platform");
        this.id = id;
        this.privilege = Objects.requireNonNull(privilege, "privilege");
        this.sharedInfoMfn = sharedInfoMfn;
        this.maxPages = maxPages;
        this.events = new EventChannels(platform, this);
    }

    /** The machine it runs on. */
    public Platform platform() {
        return platform;
    }

    /** Its domid. */
    public int id() {
        return id;
    }

    /** Its handle; the same for every domain with the same id, so that runs are repeatable. */
    public UUID uuid() {
        return UUID.nameUUIDFromBytes(("paravane domain " + id).getBytes(StandardCharsets.UTF_8));
    }

    /** Whether it is the control domain. */
    public boolean isPrivileged() {
        return privilege == Privilege.CONTROL;
    }

    /** Frame of shared_info. */
    public long sharedInfoMfn() {
        return sharedInfoMfn;
    }

    /** How its shared structures are laid out. */
    public SharedLayout layout() {
        return layout;
    }

    /** Whether it is a 32-bit domain (abi-reference 8). */
    public boolean isCompat() {
        return layout == SharedLayout.COMPAT;
    }

    /** Its event channels. */
    public EventChannels events() {
        return events;
    }

    /** Its vCPUs, by number; unmodifiable view, vCPU 0 exists from the start. */
    public List<Vcpu> vcpus() {
        return java.util.Collections.unmodifiableList(vcpus);
    }

    /** Adds the next vCPU. */
    public void add(Vcpu vcpu) {
        vcpus.add(vcpu);
    }

    /** The most frames it may own. */
    public long maxPages() {
        return maxPages;
    }

    /** Sets the most frames it may own. */
    public void setMaxPages(long pages) {
        maxPages = pages;
    }

    /** The memory map that it is told; empty if it has none. */
    public List<E820Entry> memoryMap() {
        return memoryMap;
    }

    /** Sets the memory map that it is told. */
    public void setMemoryMap(List<E820Entry> entries) {
        memoryMap = List.copyOf(entries);
    }

    /** Whether a vm_assist type is enabled. */
    public boolean assists(int type) {
        return (assists >>> type & 1) != 0;
    }

    /** Whether registers that the hypervisor does not know read as 0 (XEN_X86_MSR_RELAXED). */
    public boolean hasRelaxedMsrs() {
        return relaxedMsrs;
    }

    /** Makes registers that the hypervisor does not know read as 0. */
    public void relaxMsrs() {
        relaxedMsrs = true;
    }

    /** Enables or disables a vm_assist type. */
    public void setAssist(int type, boolean enabled) {
        assists = enabled ? assists | 1L << type : assists & ~(1L << type);
    }

    /** How it ended, or null while it runs. */
    public @Nullable Shutdown shutdown() {
        return shutdown;
    }

    /** Whether it has not ended. */
    public boolean isRunning() {
        return shutdown == null;
    }

    /** Sets the reason that it will end for, whatever ends it (SCHEDOP_shutdown_code); the first one counts. */
    public void setShutdownCode(int reason) {
        if (shutdownCode < 0) {
            shutdownCode = reason;
        }
    }

    /** Ends the domain; the first end counts. */
    public void shutDown(int reason, String detail) {
        if (shutdown == null) {
            setShutdownCode(reason);
            Shutdown end = new Shutdown(shutdownCode, detail);
            shutdown = end;
            if (platform.observed()) {
                platform.observer().domainEnded(new MachineEvent.DomainEnded(id, end.name(), detail));
            }
        }
    }

    /** Ends the domain because of something it did that the ABI answers with a crash. */
    public void crash(String detail) {
        shutDown(Shutdown.CRASH, detail);
    }
}
