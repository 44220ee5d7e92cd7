package io.github.paravane.hypervisor.hypercall.service;

import io.github.paravane.api.hypercall.GuestBuffer;
import io.github.paravane.api.hypercall.Hypercall;
import io.github.paravane.api.hypercall.HypercallContext;
import io.github.paravane.api.hypercall.HypercallOutcome;
import io.github.paravane.api.hypercall.XenErrno;
import io.github.paravane.api.profile.BitMask;
import io.github.paravane.api.profile.Quirk;
import io.github.paravane.api.profile.VersionRules;
import io.github.paravane.hypervisor.domain.Domain;
import io.github.paravane.hypervisor.domain.Platform;
import io.github.paravane.hypervisor.pagetable.CompatTables;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** xen_version (abi-reference 3.18). */
final class VersionCall implements Hypercall {

    private static final int VERSION = 0;
    private static final int EXTRA_VERSION = 1;
    private static final int COMPILE_INFO = 2;
    private static final int CAPABILITIES = 3;
    private static final int CHANGESET = 4;
    private static final int PLATFORM_PARAMETERS = 5;
    private static final int GET_FEATURES = 6;
    private static final int PAGE_SIZE = 7;
    private static final int GUEST_HANDLE = 8;
    private static final int COMMAND_LINE = 9;
    private static final int BUILD_ID = 10;
    private static final int EXTRA_VERSION_2 = 11;
    private static final int CAPABILITIES_2 = 12;
    private static final int CHANGESET_2 = 13;
    private static final int COMMAND_LINE_2 = 14;

    private static final long HYPERVISOR_VIRT_START = 0xFFFF_8000_0000_0000L;
    private static final int ASSIST_PAE_EXTENDED_CR3 = 3;
    private static final int FEATURE_PAE_PGDIR_ABOVE_4GB = 1 << 4;
    private static final int FEATURE_DOM0 = 1 << 11;
    private static final String UNAVAILABLE = "unavailable";
    private static final String DENIED = "<denied>";

    /** Stands for what the hypervisor's stack held. */
    private static final byte STACK_BYTE = (byte) 0xA5;

    private final Platform platform;
    private final int version;
    private final String extra;
    private final String capabilities;
    private final int features;
    private final BitMask known;
    private final boolean commandLineDenied;
    private final boolean leaksStack;

    VersionCall(Platform platform) {
        this.platform = platform;
        this.version = platform.profile().get(VersionRules.MAJOR) << 16
                | platform.profile().get(VersionRules.MINOR);
        this.extra = platform.profile().get(VersionRules.EXTRA);
        this.capabilities = platform.profile().get(VersionRules.CAPABILITIES);
        this.known = platform.profile().get(VersionRules.VERSION_OPS);
        this.commandLineDenied = platform.profile().get(VersionRules.COMMAND_LINE_DENIED);
        this.leaksStack = platform.profile().has(Quirk.VERSION_LEAKS_STACK);
        this.features = (int) platform.profile().get(VersionRules.FEATURES).bits();
    }

    @Override
    public HypercallOutcome call(HypercallContext context) {
        GuestBuffer memory = context.memory();
        long arg = context.argument(1);
        Domain domain = platform.current().domain();
        int command = context.argument32(0);
        if (!Operations.exists(known, command)) {
            return Operations.UNKNOWN;
        }
        return switch (command) {
            case VERSION -> HypercallOutcome.completed(version);
            case EXTRA_VERSION -> text(memory, arg, extra, 16);
            case COMPILE_INFO -> compileInfo(memory, arg);
            case CAPABILITIES -> text(memory, arg, capabilities, 1024);
            case CHANGESET -> text(memory, arg, UNAVAILABLE, 64);
            case PLATFORM_PARAMETERS -> platformParameters(memory, arg, domain);
            case GET_FEATURES -> features(memory, arg, domain);
            case PAGE_SIZE -> arg == 0 ? HypercallOutcome.completed(4096) : Operations.INVALID;
            case GUEST_HANDLE -> handle(memory, arg, domain);
            case COMMAND_LINE ->
                domain.isPrivileged() || !commandLineDenied
                        ? text(memory, arg, "", 1024)
                        : text(memory, arg, DENIED, DENIED.length() + 1);
            case BUILD_ID ->
                domain.isPrivileged() ? HypercallOutcome.failed(XenErrno.ENODATA) : Operations.NOT_PERMITTED;
            case EXTRA_VERSION_2 -> variable(memory, arg, extra);
            case CAPABILITIES_2 -> variable(memory, arg, capabilities);
            case CHANGESET_2 -> variable(memory, arg, UNAVAILABLE);
            case COMMAND_LINE_2 -> domain.isPrivileged() ? variable(memory, arg, "") : Operations.NOT_PERMITTED;
            default -> Operations.UNKNOWN;
        };
    }

    /** A length and that many bytes (since 4.20); NULL asks for the length. */
    private static HypercallOutcome variable(GuestBuffer memory, long arg, String value) {
        byte[] bytes = value.getBytes(StandardCharsets.US_ASCII);
        if (arg != 0) {
            if (Integer.compareUnsigned(bytes.length, memory.readU32(arg)) > 0) {
                return HypercallOutcome.failed(XenErrno.ENOBUFS);
            }
            memory.write(arg + Integer.BYTES, bytes, 0, bytes.length);
        }
        return HypercallOutcome.completed(bytes.length);
    }

    /** Writes a zero-padded field; the last byte is always zero. */
    private HypercallOutcome text(GuestBuffer memory, long linear, String value, int size) {
        memory.write(linear, field(value, size), 0, size);
        return HypercallOutcome.OK;
    }

    private byte[] field(String value, int size) {
        byte[] bytes = Arrays.copyOf(value.getBytes(StandardCharsets.US_ASCII), size);
        if (leaksStack) {
            Arrays.fill(bytes, Math.min(value.length() + 1, size), size, STACK_BYTE);
        }
        bytes[size - 1] = 0;
        return bytes;
    }

    private HypercallOutcome compileInfo(GuestBuffer memory, long arg) {
        byte[] info = new byte[144];
        System.arraycopy(field("javac", 64), 0, info, 0, 64);
        System.arraycopy(field("paravane", 16), 0, info, 64, 16);
        memory.write(arg, info, 0, info.length);
        return HypercallOutcome.OK;
    }

    private static HypercallOutcome platformParameters(GuestBuffer memory, long arg, Domain domain) {
        memory.writeU64(arg, domain.isCompat() ? CompatTables.HOLE_START : HYPERVISOR_VIRT_START);
        return HypercallOutcome.OK;
    }

    private HypercallOutcome features(GuestBuffer memory, long arg, Domain domain) {
        if (memory.readU32(arg) != 0) {
            return Operations.INVALID;
        }
        int submap = features;
        if (domain.assists(ASSIST_PAE_EXTENDED_CR3)) {
            submap |= FEATURE_PAE_PGDIR_ABOVE_4GB;
        }
        if (domain.isPrivileged()) {
            submap |= FEATURE_DOM0;
        }
        memory.writeU32(arg + 4, submap);
        return HypercallOutcome.OK;
    }

    private static HypercallOutcome handle(GuestBuffer memory, long arg, Domain domain) {
        byte[] handle = ByteBuffer.allocate(16)
                .putLong(domain.uuid().getMostSignificantBits())
                .putLong(domain.uuid().getLeastSignificantBits())
                .array();
        memory.write(arg, handle, 0, handle.length);
        return HypercallOutcome.OK;
    }
}
