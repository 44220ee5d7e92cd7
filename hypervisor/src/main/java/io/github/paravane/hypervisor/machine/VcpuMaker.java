package io.github.paravane.hypervisor.machine;

import io.github.paravane.api.cpu.CpuCore;
import io.github.paravane.api.cpu.CpuCoreFactory;
import io.github.paravane.api.cpu.CpuEnvironment;
import io.github.paravane.api.cpu.CpuidSource;
import io.github.paravane.api.cpu.CpuidSource.CpuidLeaf;
import io.github.paravane.api.guest.GuestKernel;
import io.github.paravane.api.paging.AddressTranslator;
import io.github.paravane.api.paging.PagingMode;
import io.github.paravane.api.paging.PagingUnit;
import io.github.paravane.api.profile.PrivilegedRules;
import io.github.paravane.hypervisor.descriptor.VcpuDescriptors;
import io.github.paravane.hypervisor.domain.CompatVcpu;
import io.github.paravane.hypervisor.domain.Domain;
import io.github.paravane.hypervisor.domain.Platform;
import io.github.paravane.hypervisor.domain.Vcpu;
import io.github.paravane.hypervisor.hypercall.HypercallTable;
import io.github.paravane.hypervisor.hypercall.compat.CompatMemory;
import io.github.paravane.hypervisor.kernel.JavaKernelCore;
import io.github.paravane.hypervisor.trap.CompatTrapRouter;
import io.github.paravane.hypervisor.trap.EntryParts;
import io.github.paravane.hypervisor.trap.TrapRouter;
import io.github.paravane.mmu.Mmu;
import io.github.paravane.mmu.MmuFeatures;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Makes vCPUs: MMU, core, descriptor tables and the router of its traps. */
final class VcpuMaker {

    /** Initial APIC id in EBX of CPUID leaf 1. */
    private static final int APIC_ID_SHIFT = 24;

    private final Platform platform;
    private final PvMachine.Builder parts;
    private final Side wide;
    private final Side compat;
    private final CpuidSource hardware;
    private final List<Vcpu> all = new ArrayList<>();
    private final Map<Vcpu, TrapRouter> routers = new IdentityHashMap<>();

    VcpuMaker(Platform platform, PvMachine.Builder parts, Side wide, Side compat, CpuidSource hardware) {
        this.platform = platform;
        this.parts = parts;
        this.wide = wide;
        this.compat = compat;
        this.hardware = hardware;
    }

    /** What vCPUs of a kind of domain, 64-bit or 32-bit, call and are entered by. */
    record Side(HypercallTable hypercalls, EntryParts entry) {}

    /** A new vCPU, added to its domain; it is offline. */
    Vcpu make(Domain domain, int id, @Nullable GuestKernel kernel, long entryPoint) {
        PagingUnit mmu = pagingUnit();
        Vcpu vcpu;
        AddressTranslator translator;
        TrapRouter router;
        if (domain.isCompat()) {
            long root = platform.pageTables().hypervisorTables().compat().makeRoot();
            CompatVcpu narrow = new CompatVcpu(domain, id, mmu, root);
            vcpu = narrow;
            translator = narrow.ringTranslator();
            router = new CompatTrapRouter(vcpu, compat.hypercalls, compat.entry, new CompatMemory(narrow));
        } else {
            vcpu = new Vcpu(domain, id, mmu);
            translator = mmu;
            router = new TrapRouter(vcpu, wide.hypercalls, wide.entry);
        }
        VcpuDescriptors descriptors = new VcpuDescriptors(vcpu);
        vcpu.setDescriptors(descriptors);
        CpuEnvironment environment =
                new CpuEnvironment(platform.memory(), translator, router, descriptors, cpuid(id), platform.clock());
        CpuCoreFactory factory = parts.cores;
        CpuCore core = kernel == null
                ? factory.create(environment)
                : new JavaKernelCore(vcpu, kernel, entryPoint, factory, environment);
        vcpu.setCore(core);
        domain.add(vcpu);
        routers.put(vcpu, router);
        all.add(vcpu);
        return vcpu;
    }

    private PagingUnit pagingUnit() {
        if (parts.pagingUnits != null) {
            return Objects.requireNonNull(parts.pagingUnits.apply(platform.memory()), "paging unit");
        }
        return Mmu.builder(platform.memory(), PagingMode.FOUR_LEVEL)
                .tlb(parts.tlbs.get())
                .marksFailedWalks(true)
                .features(MmuFeatures.DEFAULT
                        .withNoExecute(platform.options().noExecute())
                        .withPhysicalWidth(platform.options().physicalWidth()))
                .build();
    }

    /** What CPUID shows a vCPU natively: with faulting the hypervisor's answer, else a processor of its own number. */
    private CpuidSource cpuid(int id) {
        if (platform.profile().get(PrivilegedRules.CPUID_FAULTING)) {
            return wide.entry.cpuid();
        }
        return (leaf, subleaf) -> {
            CpuidLeaf found = hardware.cpuid(leaf, subleaf);
            return leaf != 1
                    ? found
                    : new CpuidLeaf(
                            found.eax(),
                            found.ebx() & ~(0xFF << APIC_ID_SHIFT) | (id & 0xFF) << APIC_ID_SHIFT,
                            found.ecx(),
                            found.edx());
        };
    }

    /** Every vCPU of the machine, by creation; unmodifiable view. */
    List<Vcpu> all() {
        return Collections.unmodifiableList(all);
    }

    /** The router of a vCPU. */
    TrapRouter router(Vcpu vcpu) {
        return Objects.requireNonNull(routers.get(vcpu), "router");
    }
}
