package io.github.paravane.hypervisor.build;

import io.github.paravane.api.guest.GuestImageException;
import io.github.paravane.api.guest.GuestImageException.Rule;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * What a kernel says about itself: ELF notes named "Xen" or the older {@code __xen_guest} string (Xen
 * {@code public/elfnote.h}; abi-reference 6.1).
 */
final class XenNotes {

    static final int ENTRY = 1;
    static final int HYPERCALL_PAGE = 2;
    static final int VIRT_BASE = 3;
    static final int PADDR_OFFSET = 4;
    static final int XEN_VERSION = 5;
    static final int GUEST_OS = 6;
    static final int LOADER = 8;
    static final int PAE_MODE = 9;
    static final int FEATURES = 10;
    static final int INIT_P2M = 15;
    static final int MOD_START_PFN = 16;

    private static final Map<String, Integer> LEGACY_STRINGS = Map.of(
            "XEN_VER", XEN_VERSION, "GUEST_OS", GUEST_OS, "LOADER", LOADER, "FEATURES", FEATURES, "PAE", PAE_MODE);
    private static final Map<String, Integer> LEGACY_NUMBERS =
            Map.of("VIRT_ENTRY", ENTRY, "VIRT_BASE", VIRT_BASE, "ELF_PADDR_OFFSET", PADDR_OFFSET);

    private final Map<Integer, Long> numbers = new HashMap<>();
    private final Map<Integer, String> strings = new HashMap<>();
    private final boolean legacy;

    private XenNotes(boolean legacy) {
        this.legacy = legacy;
    }

    /** Reads the notes of a kernel; {@link GuestImageException} if it has none or they are malformed. */
    static XenNotes of(ElfFile elf) {
        XenNotes notes = new XenNotes(false);
        for (ElfFile.Extent extent : elf.notes()) {
            notes.readNotes(elf.slice(extent));
        }
        if (!notes.numbers.isEmpty() || !notes.strings.isEmpty()) {
            return notes;
        }
        ElfFile.Extent section = elf.section("__xen_guest");
        if (section == null) {
            throw new GuestImageException(
                    Rule.NO_XEN_NOTES, elf.notes().size(), "no note named Xen, no __xen_guest section");
        }
        XenNotes old = new XenNotes(true);
        old.readLegacy(StandardCharsets.ISO_8859_1.decode(elf.slice(section)).toString());
        return old;
    }

    /** Whether they came from {@code __xen_guest}. */
    boolean isLegacy() {
        return legacy;
    }

    /** A numeric note. */
    OptionalLong number(int type) {
        Long value = numbers.get(type);
        return value == null ? OptionalLong.empty() : OptionalLong.of(value);
    }

    /** A string note, or null. */
    @Nullable
    String string(int type) {
        return strings.get(type);
    }

    private void readNotes(ByteBuffer data) {
        while (data.remaining() >= 12) {
            int nameSize = data.getInt();
            int valueSize = data.getInt();
            int type = data.getInt();
            ByteBuffer name = take(data, nameSize, "note name");
            ByteBuffer value = take(data, valueSize, "note value");
            if (text(name).equals("Xen")) {
                accept(type, value);
            }
        }
    }

    private static ByteBuffer take(ByteBuffer data, int size, String what) {
        if (size < 0 || size > data.remaining()) {
            throw new GuestImageException(Rule.TRUNCATED, size, what);
        }
        ByteBuffer part = data.slice(data.position(), size).order(data.order());
        int padded = (size + 3) & ~3;
        data.position(data.position() + Math.min(padded, data.remaining()));
        return part;
    }

    private void accept(int type, ByteBuffer value) {
        switch (type) {
            case ENTRY, HYPERCALL_PAGE, VIRT_BASE, PADDR_OFFSET, INIT_P2M, MOD_START_PFN ->
                numbers.put(type, numeric(type, value));
            case XEN_VERSION, GUEST_OS, LOADER, FEATURES, PAE_MODE -> strings.put(type, text(value));
            default -> {
                // Other notes inform tools or other guest types; a PV builder has no use for them.
            }
        }
    }

    private static long numeric(int type, ByteBuffer value) {
        return switch (value.remaining()) {
            case 4 -> value.getInt(0) & 0xFFFF_FFFFL;
            case 8 -> value.getLong(0);
            default ->
                throw new GuestImageException(
                        Rule.BAD_NOTE, value.remaining(), "numeric note " + type + " has neither 4 nor 8 bytes");
        };
    }

    private static String text(ByteBuffer value) {
        String whole = StandardCharsets.ISO_8859_1.decode(value.duplicate()).toString();
        int end = whole.indexOf('\0');
        return end < 0 ? whole : whole.substring(0, end);
    }

    private void readLegacy(String section) {
        int nul = section.indexOf('\0');
        for (String pair : (nul < 0 ? section : section.substring(0, nul)).split(",")) {
            int equals = pair.indexOf('=');
            String key = equals < 0 ? pair : pair.substring(0, equals);
            String value = equals < 0 ? "" : pair.substring(equals + 1);
            Integer string = LEGACY_STRINGS.get(key);
            Integer number = LEGACY_NUMBERS.get(key);
            if (string != null) {
                strings.put(string, value);
            } else if (number != null) {
                numbers.put(number, legacyNumber(key, value));
            } else if (key.equals("HYPERCALL_PAGE")) {
                numbers.put(HYPERCALL_PAGE, legacyNumber(key, value) << 12);
            }
        }
        if (legacy && numbers.containsKey(HYPERCALL_PAGE)) {
            // The legacy value is a page number relative to the virtual base.
            numbers.merge(HYPERCALL_PAGE, numbers.getOrDefault(VIRT_BASE, 0L), Long::sum);
        }
    }

    private static long legacyNumber(String key, String value) {
        String digits = value.startsWith("0x") || value.startsWith("0X") ? value.substring(2) : value;
        try {
            return Long.parseUnsignedLong(digits, 16);
        } catch (NumberFormatException malformed) {
            throw new GuestImageException(Rule.BAD_NOTE, digits.length(), key + " is no hexadecimal number: " + value);
        }
    }
}
