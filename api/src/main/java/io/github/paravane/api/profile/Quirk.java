package io.github.paravane.api.profile;

import java.util.Locale;
import java.util.Objects;

/**
 * A published bug of some version of the hypervisor that no other {@link Knob} expresses. Present in a profile's
 * {@link QuirkSet}, the faulty behaviour is there; absent, the correct one.
 *
 * <p>Each quirk is read in exactly one place, once, when a machine is built. The testkit's known bugs give each one its
 * story and a guest that tells the two behaviours apart.
 */
public enum Quirk {
    /** XSA-193, 2016: the base of FS or GS is loaded without a check that it is canonical, and the hypervisor dies. */
    NON_CANONICAL_BASE_LOADED("XSA-193", "the hypervisor loads a non-canonical FS or GS base and dies of the fault"),

    /** 2020: the user GS base of before survives the load of a user GS selector. */
    USER_SELECTOR_KEEPS_BASE("afe018e041", "set_segment_base with a selector keeps the old base of the user GS"),

    /** fc6fa977be, 2020: PUSH and CALL are not among the instructions that write memory. */
    PUSH_NOT_A_WRITE("fc6fa977be", "PUSH and CALL with their stack in a page table are not emulated"),

    /** XSA-309, 2019: the count of linear entries begins anew when an interrupted validation goes on. */
    LINEAR_COUNT_RESET("XSA-309", "linear entries validated before an interruption are forgotten"),

    /** 77beba7c92, 2019: the uses of linear targets stay counted when an interrupted validation fails. */
    LINEAR_USES_KEPT("77beba7c92", "a failed validation that was interrupted leaves the linear targets in use"),

    /** XSA-299, 2019: a table whose validation was interrupted and then fails is dropped twice. */
    INTERRUPTED_TABLE_DROPPED_TWICE("XSA-299", "a table that fails after an interruption loses a reference too many"),

    /** XSA-310, 2019: the same after a second interruption, which forgets what the first one held. */
    SECOND_INTERRUPTION_FORGETS("XSA-310", "a table that fails after two interruptions loses a reference too many"),

    /** XSA-167, 2016: MARK_SUPER looks at the records of frames that do not exist. */
    MARK_SUPER_UNCHECKED("XSA-167", "MMUEXT_MARK_SUPER beyond memory kills the hypervisor"),

    /** XSA-58, 2013: a pin that fails below the top level drops the reference of the frame twice. */
    FAILED_PIN_DROPS_TWICE("XSA-58", "a PIN that fails inside an L3 or L4 drops a reference too many"),

    /** XSA-37, 2013: a debug build dies where a type is refused with another error than EINVAL. */
    REFUSED_TYPE_ASSERTS("XSA-37", "the hypervisor's assertion on the error of a refused L1 table fails"),

    /** b525c05cf9, 2008: the result of the audit of an L1 table is thrown away. */
    L1_AUDIT_IGNORED("b525c05cf9", "any frame becomes an L1 table, whatever its entries are"),

    /** 88c6403475, 2008: a linear entry that is right is refused. */
    LINEAR_RESULT_INVERTED("88c6403475", "a legal self-map is EINVAL"),

    /** 70622118ee, 2012: a mapping of a read-only device frame reports 1, although it is made. */
    READ_ONLY_DEVICE_RETURNS_1("70622118ee", "update_va_mapping of a read-only device frame returns 1"),

    /** dc419f0a37, 2014: MMU_MACHPHYS_UPDATE does not look at the owner of the tables. */
    MACHPHYS_IGNORES_TABLE_DOMAIN("dc419f0a37", "MMU_MACHPHYS_UPDATE ignores the owner of the tables"),

    /** daf7926d53, 2009: the frames of a superpage need not exist. */
    SUPERPAGE_FRAMES_UNCHECKED("daf7926d53", "an L2 entry that maps 2 MiB beyond memory kills the hypervisor"),

    /** cd395b1d69, 2018: the writable references of a read-only superpage are dropped, though none were taken. */
    SUPERPAGE_DROPS_WRITABLE("cd395b1d69", "the end of a read-only superpage drops writable references"),

    /** 828e114f7c, 2016: INVLPG operations flush the hypervisor's addresses too. */
    INVLPG_ANYWHERE("828e114f7c", "MMUEXT_INVLPG operations take any address"),

    /** bfa83bbc33, 2017: SET_LDT flushes whether or not the old LDT was in use. */
    LDT_ALWAYS_FLUSHED("bfa83bbc33", "SET_LDT flushes the TLB even if no LDT page was mapped"),

    /** 606ab7a468, 2007: the references of a grant mapping are dropped before the TLB is flushed. */
    GRANT_DROPPED_BEFORE_FLUSH("606ab7a468", "a granted frame is given up while a TLB may still have it"),

    /** 61730c75ce, 2008: nothing is flushed when a frame is given away. */
    TRANSFER_WITHOUT_FLUSH("61730c75ce", "a frame given away by grant transfer stays in the giver's TLB"),

    /** 76328d5bec, 2007: the frame under a faulting store is not checked. */
    STORE_TO_ANY_FRAME("76328d5bec", "a store to a read-only mapping beyond memory reads a wild frame record"),

    /** 08286e1a3c, 2008: a fault for reserved bits is taken for a store to a page table. */
    RESERVED_BITS_EMULATED("08286e1a3c", "a reserved-bit fault on a page table is emulated"),

    /** f35ae276e2, 2006: any one of the rights that an access needs makes its fault spurious. */
    SPURIOUS_BY_ANY_RIGHT("f35ae276e2", "a protection fault on a present entry is taken for spurious"),

    /** XSA-224, 2017: a mapping for host and devices that ends in two steps drops a reference too many. */
    GRANT_ENDS_TWICE("XSA-224", "a mapping for host and device that ends in two steps drops one reference too many"),

    /** XSA-255, 2018: the status frames are freed while the guest maps them. */
    STATUS_FRAMES_FREED("XSA-255", "a grant table leaves version 2 while its status frames are mapped"),

    /** 8ebbe767aa, 2008: the bits of a grant entry that are the guest's to choose are dropped. */
    GRANT_AVAILABLE_IGNORED("8ebbe767aa", "GNTMAP_guest_avail bits are ignored"),

    /** XSA-230, 2017: a grant copy takes away the marks of a mapping for devices. */
    COPY_CLEARS_DEVICE_MARKS("XSA-230", "a grant copy clears the flags of a grant that a device still uses"),

    /** 7e98fc5ba6, 2012: UNPIN_TABLE of a frame that cannot be had reports success. */
    UNPIN_OF_NOTHING_SUCCEEDS("7e98fc5ba6", "UNPIN_TABLE of a frame that does not exist or is another's succeeds"),

    /** XSA-279, 2018: update_va_mapping flushes an address that is not canonical with INVPCID, and the hypervisor dies. */
    FLUSH_OF_ANY_ADDRESS_KILLS("XSA-279", "a requested flush of a non-canonical address kills the hypervisor"),

    /** fe30060046, 2007: the emulation of page-table writes honours REP before every instruction. */
    REP_ON_ANY_INSTRUCTION("fe30060046", "a REP prefix counts RCX down on emulated stores that take none"),

    /** 2232628ecb, 2015: an emulated CMPXCHG that fails sets the flags of memory minus accumulator. */
    CMPXCHG_FLAGS_REVERSED("2232628ecb", "an emulated CMPXCHG compares its operands the wrong way round"),

    /** 045094933d, 2017: CMPXCHG8B is not among the instructions that write memory. */
    CMPXCHG8B_NOT_A_WRITE("045094933d", "CMPXCHG8B of a page-table entry is not emulated"),

    /** c1a3a8bd90, 2005: an emulated exchange of part of an entry compares the whole entry with that part. */
    HALF_EXCHANGE_COMPARES_HALF("c1a3a8bd90", "an emulated CMPXCHG of half an entry expects the other half to be 0"),

    /** XSA-227, 2017: the entry for a grant may lie across two entries. */
    MISALIGNED_GRANT_ENTRY("XSA-227", "a grant may be mapped by a machine address that is no multiple of 8"),

    /** XSA-234, 2017: an entry that maps the granted frame with other rights ends a grant mapping. */
    GRANT_END_IGNORES_RIGHTS("XSA-234", "the rights of an entry are not compared when a grant mapping ends"),

    /** 4ec4b58e00, 2008: the flags above bit 51 are part of the frame when a grant mapped by entry ends. */
    GRANT_FRAME_UNMASKED("4ec4b58e00", "a grant mapped by entry cannot be ended if the entry has flags above bit 51"),

    /** XSA-316, 2020: the status of a refused grant is +1. */
    GRANT_REFUSAL_POSITIVE("XSA-316", "a grant that is refused has the status 1"),

    // Entries, hypercalls, descriptors, privileged instructions

    /** 2005: an exception whose gate does not mask events unmasks them. */
    EXCEPTION_CLEARS_MASK("c9501438bb", "an exception clears an upcall mask that was set"),

    /** 2005: the saved IF is the processor's, which is always set. */
    SAVED_IF_REAL("df1231853e", "the frame shows IF set although events are masked"),

    /** 2006: iret does not set the upcall mask from IF. */
    IRET_KEEPS_MASK("111ce84369", "the iret hypercall leaves the upcall mask as it is"),

    /** 2006: iret loads the guest's IOPL into the processor. */
    IRET_TAKES_IOPL("8a790edb70", "the iret hypercall loads IOPL as given"),

    /** 2006: bit U of a page-fault code is the processor's, whose kernel mode is ring 3. */
    FAULT_CODE_ALWAYS_USER("8ff6319e54", "the error code of a page fault in the guest kernel has U set"),

    /** 2005: frames are pushed wherever the stack pointer is. */
    FRAME_NOT_ALIGNED("c76b902135", "the frame of an entry is not aligned to 16 bytes"),

    /** 2017: the rest of a multicall runs after iret has left the kernel. */
    MULTICALL_OUTLIVES_IRET("XSA-213", "a multicall goes on in user mode after iret"),

    /** 2018: INT 0x80 without a handler jumps with a register not set up. */
    INT80_UNHANDLED_CRASHES("XSA-259", "the hypervisor dies of INT 0x80 without a handler"),

    /** 2010: user mode reads the hypervisor's window on the descriptor tables. */
    DESCRIPTOR_WINDOW_CRASHES("CVE-2010-4255", "the hypervisor dies of a user access to its descriptor window"),

    /** 2011: the lower half of the address space ends a bit too late. */
    LOWER_HALF_TWICE("CVE-2011-2901", "addresses from 2^47 to 2^48 count as the guest's"),

    /** 2011: a vCPU may start in user mode without user tables. */
    USER_MODE_WITHOUT_TABLES("CVE-2011-1166", "VCPUOP_initialise accepts user mode without user tables"),

    /** 2012: XENMEM_exchange reads and writes its lists without looking where they are. */
    EXCHANGE_UNCHECKED("XSA-29", "XENMEM_exchange accepts lists in the hypervisor"),

    /** 2017: XENMEM_exchange checks the lists but not where in them it starts. */
    EXCHANGE_OFFSET_UNCHECKED("XSA-212", "XENMEM_exchange starts anywhere beyond its lists"),

    /** 2015: what lies behind the NUL of a version text is the hypervisor's stack. */
    VERSION_LEAKS_STACK("XSA-122", "xen_version copies stack bytes behind its texts"),

    /** 2020: vcpu_info may lie at any offset. */
    VCPU_INFO_MISALIGNED("XSA-327", "register_vcpu_info accepts a misaligned offset"),

    /** 2012: a PV guest asks for populate on demand. */
    POPULATE_ON_DEMAND_CRASHES("XSA-14", "the hypervisor dies of populate_physmap with populate on demand"),

    /** 2017: the NUMA node of a reservation indexes an array. */
    NODE_UNCHECKED("XSA-231", "the hypervisor dies of a NUMA node beyond its array"),

    /** 2020: RDMSR of MISC_ENABLE is passed on, which AMD processors do not have. */
    MISC_ENABLE_CRASHES("XSA-333", "the hypervisor dies of RDMSR MISC_ENABLE on AMD processors"),

    /** 2012: the upper half of DR7 reaches the processor. */
    DR7_HIGH_BITS_CRASH("XSA-12", "the hypervisor dies of the upper half of DR7"),

    /** 2023: a breakpoint on the argument translation area. */
    BREAKPOINT_ON_TRANSLATION_AREA("XSA-444", "set_debugreg accepts addresses in the argument translation area"),

    /** 2015: an IN of 8 or 16 bits clears the upper half of RAX. */
    NARROW_IN_CLEARS_RAX("1191aa9d19", "an emulated narrow IN clears bits 63:32 of RAX"),

    /** 2018: the last ports that an I/O bitmap covers are refused. */
    IO_BITMAP_SHORT("c6527bc66b", "the last port of the I/O bitmap is refused"),

    /** 2024: an I/O bitmap that cannot be read refuses the port. */
    IO_BITMAP_UNREADABLE_REFUSES("8a6c495d72", "an unreadable I/O bitmap is #GP instead of #PF"),

    /** 2007: an emulated instruction does not end a single step. */
    NO_TRAP_AFTER_EMULATION("d8b6ccfe2d", "single-stepping does not stop after an emulated instruction"),

    /** 2020: RDMSR of a segment base tells what WRMSR stored, whatever was loaded since. */
    MSR_BASE_STALE("a5eaac9245", "RDMSR of FS_BASE and GS_BASE ignores selector loads"),

    /** 2019: the processor's CR4.FSGSBASE stays set when the guest clears its own. */
    FSGSBASE_ALWAYS("XSA-293", "RDFSBASE works although the guest cleared CR4.FSGSBASE"),

    /** 2016: a present system descriptor of type 0 gets its DPL raised. */
    TYPE_0_CHANGED("82a9ae278c", "a type 0 descriptor is stored changed"),

    /** 2007: WRMSR takes all of RAX and RDX. */
    WRMSR_WIDE("834e828123", "WRMSR of a segment base takes bits 63:32 of RAX"),

    /** 2014: the write of DR7 that enables the first breakpoint loads the addresses, but not DR7. */
    FIRST_DR7_LOST("adf8feba1a", "a write of DR7 that enables the first breakpoint does not reach the processor"),

    /** 2024: the breakpoints that were hit are merged into DR6 twice, the second time as none. */
    BREAKPOINT_HITS_LOST("d965e2ee07", "DR6 does not show which breakpoint was hit"),

    /** 2012: #GP for SYSENTER without a callback masks events, whatever its gate says. */
    SYSENTER_FAULT_MASKS("XSA-8", "#GP for SYSENTER without a callback masks events"),

    /** 2018: INT 0x80 counts as an exception, which the next repaired fault delivers again. */
    INT80_LATCHED("dedbdcde95", "the next fault that the hypervisor repairs delivers int 0x80 again"),

    /** 2007: nobody looks for events after INT 0x80. */
    INT80_SKIPS_EVENTS("e620b631ab", "int 0x80 enters its handler without a look at pending events"),

    /** 2017: the frame of the failsafe callback is pushed wherever the stack pointer is. */
    FAILSAFE_NOT_ALIGNED("cbcaccb5e9", "the frame of the failsafe callback is not aligned to 16 bytes"),

    /** 2007: the gate of NMIs has to mask events. */
    NMI_GATE_MUST_MASK("70ee40b004", "set_trap_table refuses an NMI gate that does not mask events"),

    /** 2009: the test for masked NMIs is the wrong way round. */
    NMI_MASK_INVERTED("e0a4694418", "an NMI is delivered only while NMIs are masked"),

    /** 2020: an LDT page is looked up in the tables of user mode. */
    LDT_SOUGHT_IN_USER_TABLES("904148ecb4", "an LDT that only the kernel maps cannot be used from user mode"),

    /** 2015: nothing is mapped between the guest's descriptors and the hypervisor's. */
    DESCRIPTOR_GAP_FAULTS("cf6d39f819", "LAR and LSL beyond the guest's descriptors raise #GP"),

    /** 2014: the run state is not stored when the vCPU is in user mode. */
    RUN_STATE_LOST_IN_USER_MODE("231d7f4098", "an update of the run-state area is lost in user mode"),

    /** 2007: a context may have breakpoints anywhere. */
    CONTEXT_BREAKPOINTS_UNCHECKED("33b615a1ae", "VCPUOP_initialise loads breakpoints in the hypervisor's range"),

    /** 2023: reserved bits of DR6 and DR7 in a context are dropped. */
    CONTEXT_DEBUG_BITS_DROPPED("15987cb03f", "VCPUOP_initialise drops the reserved bits of DR7"),

    /** 2018: a compare-and-exchange of an entry that changed after it was read is not a failed one. */
    OVERTAKEN_EXCHANGE_RESTARTS("3aaa72b3f1", "a CMPXCHG whose entry changes meanwhile starts again"),

    /** 2016: CLI that is emulated for a page-table write leaves interrupts off on the way back. */
    EMULATED_CLI_STAYS("XSA-202", "an emulated CLI turns the processor's interrupts off"),

    /** 2017: the check of the stack pointer does not know the selectors in the frame of the failsafe callback. */
    FAILSAFE_FRAME_IN_HYPERVISOR("XSA-215", "the frame of the failsafe callback may end in the hypervisor's memory"),

    /** 2013: the page of a descriptor is looked for whatever its address. */
    NON_CANONICAL_DESCRIPTOR_PAGE_FAULTS("40d66baa46", "an LDT descriptor at no canonical address is #PF"),

    /** 2007: a context has one root table. */
    CONTEXT_WITHOUT_USER_ROOT("0ada151b05", "VCPUOP_initialise takes no root table for user mode"),

    /** 2019: vcpu_op that is interrupted is a BUG. */
    CONTINUED_VCPU_OP_CRASHES("XSA-296", "the hypervisor dies of VCPUOP_initialise that is interrupted"),

    /** 2019: the emulation of instructions reads descriptors beyond the end of the LDT. */
    EMULATION_IGNORES_LDT_LIMIT("XSA-298", "emulated instructions use descriptors beyond the LDT"),

    /** 2022: TLBs are flushed before a frame is reserved for its new type. */
    FLUSHED_BEFORE_TYPE("XSA-401", "another vCPU can map a frame between the flush and its change of type"),

    /** 2017: a frame that is transferred keeps its type, and the mark that it is checked. */
    STOLEN_FRAME_KEEPS_TYPE("XSA-214", "a transferred frame stays a descriptor table for its new owner"),

    /** 2017: the owner of a frame whose cache is flushed need not have a grant table. */
    CACHE_FLUSH_OF_DEVICE_CRASHES("XSA-232", "the hypervisor dies of a cache flush of a device"),

    /** 2017: CLEAR_PAGE and COPY_PAGE take frames of devices. */
    DEVICE_PAGES_CLEARED("3724385e39", "CLEAR_PAGE and COPY_PAGE accept the frames of devices"),

    /** 2018: RDMSR of EFER shows SVME. */
    EFER_SHOWS_SVME("589263031c", "EFER shows SVME of an AMD host"),

    /** 2018: DR6 of the control domain begins as 0. */
    DR6_BEGINS_AS_0("dfba4d2e91", "the first vCPU of the control domain begins with a DR6 of 0"),

    /** 2007: LOCK before an emulated privileged instruction is passed over. */
    LOCK_IGNORED("b7a3ba02bd", "privileged instructions with LOCK are emulated without it"),

    /** 2016: an emulated CMPXCHG8B with an operand-size prefix has half of its operand. */
    EXCHANGE_HALVED("XSA-200", "an emulated CMPXCHG8B with prefix 66h shows stack bytes in RDX and RAX"),

    /** 2015: GNTTABOP_swap_grant_ref takes a table without a version for one of version 2. */
    SWAP_BEFORE_SETUP_CRASHES("XSA-134", "the hypervisor dies of swap_grant_ref before the grant table is set up"),

    /** 2015: the frame of an iret to virtual-8086 mode is copied upwards with an index that never gets to the end. */
    VM86_COPY_ENDLESS("XSA-136", "an iret to virtual-8086 mode of a 32-bit guest is copied without end"),

    /** 2010: the flags of a refused return to virtual-8086 mode have the real interrupt flag clear. */
    VM86_CLEARS_IF("a61e7a3565", "a refused iret to virtual-8086 mode turns the processor's interrupts off"),

    /** 2016: the frame of an entry is written while SMAP forbids the supervisor the user's pages. */
    FRAME_UNDER_SMAP("XSA-183", "a kernel stack on a user page of a 32-bit guest kills a hypervisor with SMAP"),

    /** 2007: the bitmap of vCPUs of a 32-bit guest is read as 8 bytes. */
    VCPU_MASK_WIDE("462eb0fc0e", "8 bytes are read of a 32-bit guest's bitmap of vCPUs"),

    /** 2021: the old physdev_op of a 32-bit guest is read with the structures of a 64-bit one. */
    OLD_PHYSDEV_WIDE("834cb87610", "physdev_op_compat of a 32-bit guest takes the structures of a 64-bit one"),

    /** 2026: a copy to a grant in use for reading checks one frame and writes to another. */
    COPY_TO_FORMER_FRAME("XSA-500", "a grant copy writes to the frame of before the entry was changed"),

    /** 2008: the L3 of a 32-bit guest that fails keeps the bits that were added to its entries. */
    FAILED_ROOT_KEEPS_BITS("06efa7c664", "a 32-bit guest's L3 that is refused keeps R/W and U/S in its entries"),

    /** 2007: an mmuext_op of a 32-bit guest that is longer than one translation goes on at the wrong request. */
    LONG_MMUEXT_LOSES_PLACE("2bdf72b25a", "a long mmuext_op of a 32-bit guest goes on at the wrong request"),

    /** 2017: set_trap_table(NULL) of a 32-bit guest leaves the gate of INT 80h. */
    INT80_SURVIVES_RESET("55ab172a1f", "a 32-bit guest's INT 80h keeps its handler when the trap table is cleared"),

    /** 2020: #GP of SYSENTER is delivered to a 32-bit guest twice. */
    SYSENTER_FAULTS_TWICE("XSA-339", "a 32-bit kernel gets #GP for SYSENTER twice, the second time in its handler"),

    /** 2008: what faults with the selector of an ordinary descriptor is an assertion of the emulation of call gates. */
    GATE_ASSERTS("67b5d35497", "a far call of a 32-bit guest to what is no gate is a failed assertion"),

    /** 2016: a scale without an index makes an index of ESP in the emulation of far calls. */
    GATE_SCALES_NO_INDEX("ee1cc4bfdc", "the emulation of far calls takes ESP for an index if there is a scale"),

    /** 2026: the address of a fault in the frame of a far call is too high. */
    GATE_FAULT_TOO_FAR("03878fba4a", "CR2 of a stack fault during an emulated far call is 18 bytes too high"),

    /** 2018: #DB has no stack of its own, and MOV SS can hold it back until behind SYSCALL. */
    DEBUG_ON_GUEST_STACK("XSA-260", "the hypervisor takes #DB behind SYSCALL on the guest's stack, and dies of it"),
    ;

    private final String origin;
    private final String meaning;

    Quirk(String origin, String meaning) {
        this.origin = Objects.requireNonNull(origin, "origin");
        this.meaning = Objects.requireNonNull(meaning, "meaning");
    }

    /** Where it was published: {@code XSA-193}, or the abbreviated commit that repaired it. */
    public String origin() {
        return origin;
    }

    /** What goes wrong, in one line. */
    public String meaning() {
        return meaning;
    }

    /** The name for people and files: lower case with hyphens. */
    public String id() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
