package io.github.paravane.testkit.guest;

import io.github.paravane.api.profile.AbiProfile;
import io.github.paravane.hypervisor.profiles.AbiProfiles;
import io.github.paravane.testkit.guest.KernelFunction.Path;
import io.github.paravane.testkit.guest.KernelThread.Kind;
import java.util.Locale;
import java.util.Optional;

/** The systems of the story: a kernel, what lies on its heap and what its functions touch, and the version it runs on. */
public enum StorySystem {
    /** Solaris before its fixes, on a Xen whose compare-and-exchange stores the adjusted entry: kernel memory leaks. */
    SOLARIS_OLD("Solaris with PT_USER on kernel pages, on a Xen that adjusts each entry: leaks"),
    /** Solaris after its fixes, on the same Xen. */
    SOLARIS_NEW("Solaris with 6616864 and 6618391 fixed: does not leak"),
    /** PT_USER on kernel pages, entries written by mmu_update, which always was adjusted: the blog's order of events. */
    BLOG_ORDER("PT_USER on kernel pages, entries written by mmu_update: leaks on each Xen since 3.0.3"),
    /** PT_USER on kernel pages, entries stored raw by compare-and-exchange: "but Xen bug saves us". */
    SYNOPSIS("PT_USER on kernel pages, entries stored raw by lock cmpxchg: does not leak, a Xen bug saves it"),
    /** Linux 6.1 on a recent Xen. */
    LINUX("Linux 6.1: does not leak");

    /** A thread structure: the first line of the blog's output. */
    public static final long THREAD = 0xFFFF_FF01_D6F0_9C00L;

    /** An address-space structure, into which a function is given a pointer at {@link #SEGMENT_TREE}. */
    public static final long ADDRESS_SPACE = 0xFFFF_FF01_C8C9_83E8L;

    /** The middle of {@link #ADDRESS_SPACE}. */
    public static final long SEGMENT_TREE = ADDRESS_SPACE + 0x50;

    /** A buffer of 40 bytes. */
    public static final long BUFFER = 0xFFFF_FF01_D44D_7E80L;

    private static final long VNODE = 0xFFFF_FF01_CB0A_2D40L;
    private static final long TASKQ = 0xFFFF_FF01_C9E3_3040L;
    private static final long PROCESS = 0xFFFF_FF01_C8C9_1038L;
    private static final long LWP = 0xFFFF_FF01_CA77_5E00L;
    private static final long P0 = 0xFFFF_FFFF_FBC2_4CE0L;

    private final String description;

    StorySystem(String description) {
        this.description = description;
    }

    /** The system of a name such as {@code solaris-old}. */
    public static Optional<StorySystem> find(String name) {
        for (StorySystem each : values()) {
            if (each.label().equals(name)) {
                return Optional.of(each);
            }
        }
        return Optional.empty();
    }

    /** Its name in lower case. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** One line about it. */
    public String description() {
        return description;
    }

    /** The version it runs on unless another is chosen. */
    public AbiProfile profile() {
        return switch (this) {
            case SOLARIS_OLD, SOLARIS_NEW -> AbiProfiles.XEN_3_1_2;
            case BLOG_ORDER -> AbiProfiles.XEN_3_1_1;
            case SYNOPSIS -> AbiProfiles.XEN_3_1_0;
            case LINUX -> AbiProfiles.XEN_4_17;
        };
    }

    /** Its kernel's habits. */
    public KernelHabits habits() {
        return switch (this) {
            case SOLARIS_OLD, SYNOPSIS -> KernelHabits.oldSolaris();
            case SOLARIS_NEW -> KernelHabits.newSolaris();
            case BLOG_ORDER -> new KernelHabits(KernelUserBit.SET, false, PteWrite.MMU_UPDATE);
            case LINUX -> KernelHabits.linux();
        };
    }

    /** A new kernel with the heap, threads and functions of the story, and no program to run yet. */
    public ModelKernel<?> kernel() {
        return this == LINUX ? furnished(new LinuxLikeKernel(habits())) : furnished(new SolarisLikeKernel(habits()));
    }

    /** The kernel's heap, and who touches what: only what is touched after the switch to a process can be in the TLB. */
    public static <K extends ModelKernel<K>> K furnished(K kernel) {
        return kernel.thread(new KernelThread(THREAD, PROCESS, LWP, Kind.USER, "bash", 1))
                .thread(new KernelThread(THREAD + 0x8000, P0, 0, Kind.KERNEL, "sched", 0))
                .thread(new KernelThread(THREAD + 0x9000, P0, 0, Kind.TASKQ, "system_taskq", 0))
                .thread(new KernelThread(THREAD + 0xA000, 0, 0, Kind.FREE, "", 0))
                .allocate(new KernelObject(ADDRESS_SPACE, 0xC0, 0xFFFF_FF01_C8EB_F8D0L, "as_cache"))
                .allocate(new KernelObject(BUFFER, 40, 0xFFFF_FF01_D3A2_B388L, "kmem_alloc_40"))
                .allocate(new KernelObject(VNODE, 0xC8, 0xFFFF_FF01_CB11_5A20L, "vn_cache"))
                .allocate(new KernelObject(TASKQ, 0x140, 0xFFFF_FF01_C9F0_6C18L, "taskq_cache"))
                .calls(new KernelFunction("unix", "resume", THREAD, Path.RETURN_TO_USER))
                .calls(new KernelFunction("thread_onproc", THREAD, Path.RETURN_TO_USER))
                .calls(new KernelFunction("avl_find", SEGMENT_TREE, Path.RETURN_TO_USER))
                .calls(new KernelFunction("cpu_update_pct", THREAD, Path.RETURN_TO_USER))
                .calls(new KernelFunction("list_insert_head", BUFFER, Path.RETURN_TO_USER))
                .calls(new KernelFunction("list_remove", BUFFER, Path.RETURN_TO_USER))
                .calls(new KernelFunction("copyin", UserProgram.DATA, Path.SYSCALL))
                .calls(new KernelFunction("vn_rele", VNODE, Path.SYSCALL))
                .calls(new KernelFunction("taskq_dispatch", TASKQ, Path.SYSCALL));
    }
}
