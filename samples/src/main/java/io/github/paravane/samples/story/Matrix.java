package io.github.paravane.samples.story;

import io.github.paravane.api.profile.AbiProfile;
import io.github.paravane.testkit.guest.KernelUserBit;
import io.github.paravane.testkit.guest.PteWrite;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Who is faulty where: every cell is the outcome of a run. */
public final class Matrix {

    private final Map<Case, Experiment> played = new HashMap<>();

    private record Case(AbiProfile profile, KernelUserBit user, PteWrite write) {}

    /** The rows of the table of bugs. */
    public enum Bug {
        /** A kernel that believes r11 of a syscall frame corrupts its processes' flags. */
        SYSCALL_R11("1  user %rflags after syscall"),
        /** PT_USER on kernel pages, entries written by hypercall: the order in which the blog tells it. */
        LEAK_BLOG_ORDER("2  kernel readable: blog-order (PT_USER, mmu_update)"),
        /** PT_USER on kernel pages, entries written by compare-and-swap: "Xen bug saves us". */
        LEAK_SYNOPSIS("2  kernel readable: synopsis (PT_USER, lock cmpxchg)"),
        /** The repaired Solaris, which sets PT_USER where pt_kern says so. */
        LEAK_REPAIRED("2  kernel readable: repaired Solaris (pt_kern)"),
        /** A compare-and-swap stores less than a hypercall does. */
        LOST_GLOBAL("3  PT_GLOBAL missing after lock cmpxchg");

        private final String title;

        Bug(String title) {
            this.title = title;
        }

        /** The title of the row. */
        public String title() {
            return title;
        }
    }

    /** Whether a bug shows on a version. */
    public boolean isFaulty(Bug bug, AbiProfile profile) {
        return switch (bug) {
            case SYSCALL_R11 -> SyscallScene.isFaulty(profile);
            case LEAK_BLOG_ORDER ->
                of(profile, KernelUserBit.SET, PteWrite.MMU_UPDATE).leaks();
            case LEAK_SYNOPSIS ->
                of(profile, KernelUserBit.SET, PteWrite.LOCKED_COMPARE_EXCHANGE).leaks();
            case LEAK_REPAIRED ->
                of(profile, KernelUserBit.BY_VERSION, PteWrite.LOCKED_COMPARE_EXCHANGE)
                        .leaks();
            case LOST_GLOBAL ->
                of(profile, KernelUserBit.SET, PteWrite.LOCKED_COMPARE_EXCHANGE).userFills()
                        > of(profile, KernelUserBit.SET, PteWrite.MMU_UPDATE).userFills();
        };
    }

    /**
     * What entries become and what that means, for every way of writing: one row per kind of page and way, one cell per
     * version. Letters are U/S, G and the guest-kernel bit as stored.
     */
    public Map<String, List<String>> outcomes(List<AbiProfile> profiles) {
        Map<String, List<String>> rows = new LinkedHashMap<>();
        for (PteWrite write : PteWrite.CLASSIC) {
            rows.put("kernel page, U set    " + name(write), cells(profiles, KernelUserBit.SET, write, false));
        }
        for (PteWrite write : PteWrite.CLASSIC) {
            rows.put("kernel page, U clear  " + name(write), cells(profiles, KernelUserBit.CLEAR, write, false));
        }
        for (PteWrite write : PteWrite.CLASSIC) {
            rows.put("user page             " + name(write), cells(profiles, KernelUserBit.SET, write, true));
        }
        return rows;
    }

    private List<String> cells(List<AbiProfile> profiles, KernelUserBit user, PteWrite write, boolean userPage) {
        List<String> cells = new ArrayList<>();
        for (AbiProfile profile : profiles) {
            Experiment experiment = of(profile, user, write);
            cells.add(userPage ? experiment.userOutcome() : experiment.kernelOutcome());
        }
        return cells;
    }

    static String name(PteWrite write) {
        return switch (write) {
            case LOCKED_COMPARE_EXCHANGE -> "lock cmpxchg";
            case COMPARE_EXCHANGE -> "cmpxchg";
            case STORE -> "mov";
            case MMU_UPDATE -> "mmu_update";
            case VA_MAPPING -> "update_va_mapping";
            case EXCHANGE -> "xchg";
            case MMU_UPDATE_PRESERVE_AD -> "mmu_update, preserve A/D";
            case LOCKED_AND -> "lock andb";
        };
    }

    private Experiment of(AbiProfile profile, KernelUserBit user, PteWrite write) {
        return played.computeIfAbsent(
                new Case(profile, user, write), each -> Experiment.of(each.profile, each.user, each.write));
    }
}
