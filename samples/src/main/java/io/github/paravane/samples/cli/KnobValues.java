package io.github.paravane.samples.cli;

import io.github.paravane.api.hypercall.XenErrno;
import io.github.paravane.api.profile.BitMask;
import io.github.paravane.api.profile.HypercallNames;
import io.github.paravane.api.profile.Knob;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Knob values in words: masks with the names of their bits. */
final class KnobValues {

    private static final Map<Integer, String> PTE_BITS =
            bits("P RW US PWT PCD A D PAT/PSE G AVAIL0 AVAIL1 AVAIL2", Map.of(52, "GUEST_KERNEL(52)", 63, "NX"));

    private static final Map<Integer, String> RFLAGS_BITS =
            bits("CF - PF - AF - ZF SF TF IF DF OF IOPL0 IOPL1 NT - RF VM AC VIF VIP ID", Map.of());

    private static final Map<Integer, String> CR4_BITS = bits(
            "VME PVI TSD DE PSE PAE MCE PGE PCE OSFXSR OSXMMEXCPT UMIP",
            Map.of(16, "FSGSBASE", 17, "PCIDE", 18, "OSXSAVE"));

    private static final Map<Integer, String> FEATURE_BITS = bits(
            "writable_page_tables writable_descriptor_tables auto_translated_physmap supervisor_mode_kernel"
                    + " pae_pgdir_above_4gb mmu_pt_update_preserve_ad highmem_assist gnttab_map_avail_bits"
                    + " hvm_callback_vector hvm_safe_pvclock hvm_pirqs dom0 grant_map_identity memory_op_vnode_supported"
                    + " arm_smccc_supported linux_rsdp_unrestricted not_direct_mapped direct_mapped runstate_phys_area"
                    + " vcpu_time_phys_area dm_msix_all_writes",
            Map.of());

    private static final Map<Integer, String> ASSIST_BITS = bits(
            "4gb_segments 4gb_segments_notify writable_pagetables pae_extended_cr3 architectural_iopl"
                    + " runstate_update_flag",
            Map.of(32, "m2p_strict"));

    private KnobValues() {}

    /** The value of {@code knob} for people, on one line. */
    static String text(Knob<?> knob, Object value) {
        if (value instanceof BitMask mask) {
            return maskText(knob.name(), mask.bits());
        }
        if (value instanceof HypercallNames calls) {
            return calls.names().size() + " hypercalls: "
                    + calls.names().entrySet().stream()
                            .map(call -> call.getKey() + " " + call.getValue())
                            .collect(Collectors.joining(", "));
        }
        if (value instanceof Boolean yes) {
            return yes ? "yes" : "no";
        }
        if (value instanceof String string) {
            return '"' + string + '"';
        }
        return value instanceof Enum<?> constant && !(value instanceof XenErrno)
                ? constant.name().toLowerCase(Locale.ROOT).replace('_', ' ')
                : value.toString();
    }

    private static String maskText(String knob, long bits) {
        String hex = "0x" + Long.toHexString(bits);
        if (bits == 0 || bits == -1) {
            return bits == 0 ? "none" : hex;
        }
        switch (knob) {
            case "entry.cleared-flags":
                return hex + " " + names(bits, RFLAGS_BITS);
            case "entry.iret-flags":
                return hex + ", not " + names(~bits & 0x3F_FFFFL, RFLAGS_BITS);
            case "priv.cr4-shown":
            case "priv.cr4-writable":
                return hex + " " + names(bits, CR4_BITS);
            case "version.features":
                return hex + " " + names(bits, FEATURE_BITS);
            case "version.assists":
                return hex + " " + names(bits, ASSIST_BITS);
            case "pte.linear-levels":
            case "mmu.real-pins":
                return "L" + numbers(bits).replace(", ", ", L").replace("-", " - L");
            default:
                if (knob.endsWith("-ops")) {
                    return numbers(bits);
                }
                return knob.startsWith("pte.") ? hex + " " + names(bits, PTE_BITS) : hex;
        }
    }

    private static String names(long bits, Map<Integer, String> names) {
        List<String> found = new ArrayList<>();
        boolean software = (bits & 0x7FFL << 52) == 0x7FFL << 52;
        for (int bit = 0; bit < 64; bit++) {
            if ((bits >>> bit & 1) == 0) {
                continue;
            }
            if (software && bit >= 52 && bit < 63) {
                if (bit == 52) {
                    found.add("52-62");
                }
            } else {
                found.add(names.getOrDefault(bit, String.valueOf(bit)));
            }
        }
        return String.join(" ", found);
    }

    /** The numbers of the set bits, runs joined: {@code 0-7, 9}. */
    static String numbers(long bits) {
        List<String> runs = new ArrayList<>();
        int bit = 0;
        while (bit < 64) {
            int end = bit;
            while (end < 64 && (bits >>> end & 1) != 0) {
                end++;
            }
            if (end > bit) {
                runs.add(end == bit + 1 ? String.valueOf(bit) : bit + "-" + (end - 1));
            }
            bit = end + 1;
        }
        return String.join(", ", runs);
    }

    private static Map<Integer, String> bits(String fromZero, Map<Integer, String> others) {
        Map<Integer, String> names = new TreeMap<>(others);
        String[] words = fromZero.split(" ");
        for (int bit = 0; bit < words.length; bit++) {
            names.put(bit, words[bit].equals("-") ? String.valueOf(bit) : words[bit]);
        }
        return names;
    }
}
