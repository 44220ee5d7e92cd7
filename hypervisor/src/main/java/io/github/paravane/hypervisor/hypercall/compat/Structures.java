package io.github.paravane.hypervisor.hypercall.compat;

import java.util.HashMap;
import java.util.Map;

/** The structures of hypercalls that are laid out otherwise for 32-bit guests (Xen {@code public/*.h}). */
final class Structures {

    /** struct mmuext_op. */
    static final Structure MMUEXT =
            Structure.of(24, 12).plain(0, 0, 4).word(8, 4).word(16, 8);

    private static final Structure RESERVATION = Structure.of(32, 20)
            .list(0, 0)
            .word(8, 4)
            .plain(16, 8, 4)
            .plain(20, 12, 4)
            .plain(24, 16, 2);
    private static final Structure EXCHANGE = Structure.of(72, 44)
            .list(0, 0)
            .word(8, 4)
            .plain(16, 8, 4)
            .plain(20, 12, 4)
            .plain(24, 16, 2)
            .list(32, 20)
            .word(40, 24)
            .plain(48, 28, 4)
            .plain(52, 32, 4)
            .plain(56, 36, 2)
            .word(64, 40);
    /** One word, or a list of them. */
    static final Structure ONE_WORD = Structure.of(8, 4).word(0, 0);

    private static final Structure MEMORY_MAP =
            Structure.of(16, 8).plain(0, 0, 4).word(8, 4);

    private Structures() {}

    /** Of memory_op, by command. */
    static Map<Integer, Structure> memory() {
        Map<Integer, Structure> all = new HashMap<>();
        all.put(0, RESERVATION);
        all.put(1, RESERVATION);
        all.put(6, RESERVATION);
        all.put(24, RESERVATION);
        all.put(5, Structure.of(24, 12).plain(0, 0, 4).list(8, 4).plain(16, 8, 4));
        all.put(
                7,
                Structure.of(24, 16)
                        .plain(0, 0, 2)
                        .plain(2, 2, 2)
                        .plain(4, 4, 4)
                        .word(8, 8)
                        .word(16, 12));
        all.put(9, MEMORY_MAP);
        all.put(10, MEMORY_MAP);
        all.put(11, EXCHANGE);
        all.put(12, Structure.of(24, 12).word(0, 0).word(8, 4).word(16, 8));
        all.put(13, Structure.of(24, 12).plain(0, 0, 2).plain(8, 4, 4).word(16, 8));
        all.put(15, Structure.of(16, 8).plain(0, 0, 2).word(8, 4));
        all.put(
                23,
                Structure.of(32, 20)
                        .plain(0, 0, 2)
                        .plain(2, 2, 2)
                        .plain(4, 4, 2)
                        .plain(6, 6, 2)
                        .list(8, 8)
                        .list(16, 12)
                        .word(24, 16));
        all.put(
                27,
                Structure.of(24, 16).plain(0, 0, 4).plain(4, 4, 4).word(8, 8).plain(16, 12, 4));
        all.put(
                28,
                Structure.of(32, 28)
                        .plain(0, 0, 2)
                        .plain(2, 2, 2)
                        .plain(4, 4, 4)
                        .plain(8, 8, 4)
                        .plain(12, 12, 4)
                        .plain(16, 16, 8)
                        .list(24, 24));
        return all;
    }

    /** Of grant_table_op, by command: setup_table, transfer and copy. */
    static Map<Integer, Structure> grants() {
        return Map.of(
                2,
                        Structure.of(24, 16)
                                .plain(0, 0, 2)
                                .plain(4, 4, 4)
                                .plain(8, 8, 2)
                                .list(16, 12),
                4,
                        Structure.of(24, 16)
                                .word(0, 0)
                                .plain(8, 4, 2)
                                .plain(12, 8, 4)
                                .plain(16, 12, 2),
                5,
                        Structure.of(40, 24)
                                .word(0, 0)
                                .plain(8, 4, 2)
                                .plain(10, 6, 2)
                                .word(16, 8)
                                .plain(24, 12, 2)
                                .plain(26, 14, 2)
                                .plain(32, 16, 2)
                                .plain(34, 18, 2)
                                .plain(36, 20, 2));
    }

    /** Of vcpu_op, by command: the areas that a guest registers. */
    static Map<Integer, Structure> vcpu() {
        return Map.of(5, ONE_WORD, 13, ONE_WORD);
    }

    /** Of sched_op, by command: poll. */
    static Map<Integer, Structure> scheduler() {
        return Map.of(3, Structure.of(24, 16).word(0, 0).plain(8, 4, 4).plain(16, 8, 8));
    }

    /** Of xen_version, by command: platform_parameters. */
    static Map<Integer, Structure> version() {
        return Map.of(5, ONE_WORD);
    }

    /** Of physdev_op, by command: set_iobitmap, and the frame of pirq_eoi_gmfn in both versions. */
    static Map<Integer, Structure> devices() {
        return Map.of(7, Structure.of(16, 8).word(0, 0).plain(8, 4, 4), 17, ONE_WORD, 28, ONE_WORD);
    }
}
