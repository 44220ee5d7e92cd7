package io.github.paravane.testkit.contract;

import static io.github.paravane.testkit.asm.Gpr.AL;
import static io.github.paravane.testkit.asm.Gpr.EAX;
import static io.github.paravane.testkit.asm.Gpr.ECX;
import static io.github.paravane.testkit.asm.Gpr.R11;
import static io.github.paravane.testkit.asm.Gpr.RAX;
import static io.github.paravane.testkit.asm.Gpr.RBX;
import static io.github.paravane.testkit.asm.Gpr.RCX;
import static io.github.paravane.testkit.asm.Gpr.RDI;
import static io.github.paravane.testkit.asm.Gpr.RDX;
import static io.github.paravane.testkit.asm.Gpr.RSI;
import static io.github.paravane.testkit.asm.Gpr.RSP;
import static io.github.paravane.testkit.asm.Memory.bytePtr;
import static io.github.paravane.testkit.asm.Memory.ptr;
import static io.github.paravane.testkit.asm.Memory.qword;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.paravane.api.cpu.Budget;
import io.github.paravane.api.cpu.CpuCore;
import io.github.paravane.api.cpu.CpuCoreFactory;
import io.github.paravane.api.cpu.CpuExit;
import io.github.paravane.api.cpu.Registers;
import io.github.paravane.api.cpu.Trap;
import io.github.paravane.testkit.asm.Assembler;
import io.github.paravane.testkit.asm.Label;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/**
 * What every {@link CpuCore} guarantees about runs, traps, restart after faults, budgets and repeatability. What single
 * instructions compute is in {@link IntegerInstructionContract}.
 */
public abstract class CpuCoreContract {
    /** Instructions a core may run beyond its budget: the rest of a basic block. */
    private static final int OVERRUN = 256;

    /** The factory of the core to be tested. */
    protected abstract CpuCoreFactory factory();

    private CoreScene scene(Consumer<Assembler> program) {
        return new CoreScene(factory()).code(program);
    }

    /** An endless loop that counts in RAX. */
    private static void countForEver(Assembler asm) {
        Label loop = asm.here("loop");
        asm.inc(RAX).jmp(loop);
    }

    @Test
    void theRegisterFileIsOneLiveObject() {
        CoreScene scene = scene(asm -> asm.mov(RAX, 5));
        Registers registers = scene.core.registers();
        registers.setRflags(0);
        assertEquals(2, registers.rflags());
        scene.runToEnd();
        assertSame(registers, scene.core.registers());
        assertEquals(5, registers.gpr(Registers.RAX));
        assertEquals(CoreScene.KERNEL_CODE, registers.selector(Registers.CS));
    }

    @Test
    void aSoftwareInterruptLeavesRipBehindItself() {
        CoreScene scene = scene(Assembler::nop).runToEnd();
        assertEquals(CoreScene.CODE + 3, scene.core.registers().rip());
        Trap last = scene.notes.last();
        assertEquals(Trap.Kind.SOFTWARE_INTERRUPT, last == null ? null : last.kind());
    }

    @Test
    void anInterruptThatIsNotAllowedIsAGeneralProtectionFault() {
        Trap trap = scene(asm -> asm.interrupt(0x20)).runToTrap();
        assertEquals(Trap.fault(Trap.GP, 0x20 * 8 + 2), trap);
    }

    @Test
    void syscallSavesRipAndFlags() {
        CoreScene scene = scene(asm -> asm.stc().syscall().ud2());
        assertEquals(CpuExit.Kind.STOPPED, scene.run().kind());
        assertEquals(1, scene.notes.syscalls);
        assertEquals(CoreScene.CODE + 3, scene.get(RCX));
        assertEquals(0x203, scene.get(R11));
        assertEquals(CoreScene.CODE + 3, scene.core.registers().rip());
    }

    @Test
    void faultsLeaveRipAtTheInstruction() {
        List<Consumer<Assembler>> programs = List.of(
                Assembler::ud2,
                Assembler::hlt,
                Assembler::cli,
                Assembler::rdmsr,
                asm -> asm.in(AL, 0x60),
                asm -> asm.div(ECX),
                asm -> asm.mov(RAX, qword(ptr(RDX))));
        int[] vectors = {Trap.UD, Trap.GP, Trap.GP, Trap.GP, Trap.GP, Trap.DE, Trap.GP};
        for (int i = 0; i < vectors.length; i++) {
            Consumer<Assembler> program = programs.get(i);
            CoreScene scene = scene(asm -> program.accept(asm.nop())).set(RDX, 0x8000_0000_0000_0000L);
            List<Long> before = scene.state();
            Trap trap = scene.runToTrap();
            assertEquals(Trap.fault(vectors[i], 0), trap, "program " + i);
            before.set(16, CoreScene.CODE + 1);
            List<Long> after = scene.state();
            after.set(17, before.get(17)); // a fault's flags image may have RF set
            assertEquals(before, after, "program " + i);
        }
    }

    @Test
    void aBreakpointIsATrapBehindTheInstruction() {
        CoreScene scene = scene(Assembler::int3);
        Trap trap = scene.runToTrap();
        assertEquals(Trap.BP, trap.vector());
        assertEquals(Trap.Kind.TRAP, trap.kind());
        assertEquals(CoreScene.CODE + 1, scene.core.registers().rip());
    }

    @Test
    void pageFaultsCarryTheTranslatorsAnswer() {
        CoreScene scene = scene(asm -> asm.mov(qword(ptr(RDI)), RAX)).set(RDI, CoreScene.DATA + 8);
        scene.pages.setReadOnly(CoreScene.DATA, true);
        Trap trap = scene.runToTrap();
        assertEquals(Trap.PF, trap.vector());
        assertEquals(CoreScene.DATA + 8, trap.linear());
        assertEquals(7, trap.errorCode());
        assertSame(scene.pages.fault(), trap.fault());
    }

    @Test
    void aFaultingFetchIsAPageFaultAtRip() {
        CoreScene scene = scene(asm -> asm.jmp(RAX)).set(RAX, 0x5_0FFF);
        scene.memory.writeU8(0x5_0FFF, 0x48); // a REX prefix; the rest lies in the next page
        scene.pages.setAbsent(0x5_1000, true);
        Trap trap = scene.runToTrap();
        assertEquals(Trap.PF, trap.vector());
        assertEquals(0x5_1000, trap.linear());
        assertEquals(0x5_0FFF, scene.core.registers().rip());
    }

    /** Instructions that read or write DATA+0xFFC, of which the second half may be missing. */
    private static final List<Consumer<Assembler>> ACROSS_A_PAGE = List.of(
            asm -> asm.mov(RAX, qword(ptr(RDI))),
            asm -> asm.mov(qword(ptr(RDI)), RAX),
            asm -> asm.add(qword(ptr(RDI)), RAX),
            asm -> asm.adc(RAX, qword(ptr(RDI))),
            asm -> asm.xadd(qword(ptr(RDI)), RAX),
            asm -> asm.cmpxchg(qword(ptr(RDI)), RBX),
            asm -> asm.push(qword(ptr(RDI))),
            asm -> asm.pop(qword(ptr(RDI))),
            asm -> asm.shl(qword(ptr(RDI)), 3),
            asm -> asm.bts(qword(ptr(RDI)), 40),
            asm -> asm.movs(64),
            asm -> asm.stos(64),
            asm -> asm.lods(64),
            asm -> asm.mov(RSP, RDI).push(RAX).nop());

    @Test
    void anInstructionThatFaultedCanBeRestarted() {
        for (int i = 0; i < ACROSS_A_PAGE.size(); i++) {
            CoreScene plain = prepared(i);
            plain.runToEnd();
            CoreScene faulting = prepared(i);
            faulting.pages.setAbsent(CoreScene.DATA + 0x1000, true);
            if (i == ACROSS_A_PAGE.size() - 1) {
                faulting.set(RDI, CoreScene.DATA + 0x1004);
                plain = prepared(i).set(RDI, CoreScene.DATA + 0x1004).runToEnd();
            }
            long memoryBefore = faulting.memoryHash();
            List<Long> registersAtFault = new ArrayList<>();
            int number = i;
            faulting.notes.resumeWith = trap -> {
                assertEquals(Trap.PF, trap.vector(), "program " + number);
                assertEquals(memoryBefore, faulting.memoryHash(), "memory at the fault of program " + number);
                registersAtFault.addAll(faulting.state());
                faulting.pages.setAbsent(CoreScene.DATA + 0x1000, false);
            };
            faulting.runToEnd();
            assertEquals(18, registersAtFault.size(), "one fault in program " + i);
            assertEquals(plain.state().subList(0, 17), faulting.state().subList(0, 17), "program " + i);
            assertEquals(plain.memoryHash(), faulting.memoryHash(), "program " + i);
        }
    }

    private CoreScene prepared(int program) {
        CoreScene scene = scene(ACROSS_A_PAGE.get(program))
                .set(RAX, 0x1122_3344_5566_7788L)
                .set(RBX, 0x99)
                .set(RSI, CoreScene.DATA + 0xFFC)
                .set(RDI, CoreScene.DATA + 0xFFC);
        scene.memory.writeU32(CoreScene.DATA + 0xFFC, 0x5566_7788);
        scene.memory.writeU32(CoreScene.DATA + 0x1000, 0x1122_3344);
        return scene;
    }

    @Test
    void aRepeatedStringInstructionKeepsWholeIterationsAtAFault() {
        CoreScene scene =
                scene(asm -> asm.rep().stos(64)).set(RAX, -1).set(RCX, 1024).set(RDI, CoreScene.DATA);
        scene.pages.setAbsent(CoreScene.DATA + 0x1000, true);
        Trap trap = scene.runToTrap();
        assertEquals(CoreScene.DATA + 0x1000, trap.linear());
        assertEquals(512, scene.get(RCX));
        assertEquals(CoreScene.DATA + 0x1000, scene.get(RDI));
        assertEquals(CoreScene.CODE, scene.core.registers().rip());
        scene.pages.setAbsent(CoreScene.DATA + 0x1000, false);
        scene.runToEnd();
        assertEquals(0, scene.get(RCX));
        assertEquals(-1, scene.memory.readU64(CoreScene.DATA + 0x1FF8));
        assertEquals(0, scene.memory.readU64(CoreScene.DATA + 0x2000));
    }

    @Test
    void aBudgetEndsARun() {
        CoreScene scene = scene(CpuCoreContract::countForEver);
        assertEquals(
                CpuExit.Kind.BUDGET_SPENT, scene.core.run(new Budget(10_000)).kind());
        assertTrue(scene.core.retired() >= 10_000 && scene.core.retired() < 10_000 + OVERRUN);
        assertTrue(Math.abs(scene.get(RAX) * 2 - scene.core.retired()) <= 1);
        long before = scene.core.retired();
        scene.core.run(new Budget(1));
        assertTrue(scene.core.retired() > before, "a run executes at least one instruction");
    }

    @Test
    void aBudgetCutsRepeatedInstructionsToo() {
        CoreScene scene =
                scene(asm -> asm.rep().lods(8)).set(RCX, Long.MAX_VALUE).set(RSI, CoreScene.DATA);
        scene.notes.resumeWith = trap -> scene.set(RSI, CoreScene.DATA);
        scene.core.run(new Budget(100));
        assertTrue(scene.get(RCX) > 0, "the run came back");
    }

    @Test
    void anInterruptBeforeTheRunEndsIt() {
        CoreScene scene = scene(CpuCoreContract::countForEver);
        scene.core.interrupt();
        assertEquals(
                CpuExit.Kind.INTERRUPTED, scene.core.run(Budget.unlimited()).kind());
        assertEquals(CpuExit.Kind.BUDGET_SPENT, scene.core.run(new Budget(10)).kind());
    }

    @Test
    void anInterruptFromAnotherThreadEndsARun() throws InterruptedException {
        CoreScene scene = scene(CpuCoreContract::countForEver);
        Thread other = new Thread(() -> {
            try {
                Thread.sleep(20);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            scene.core.interrupt();
        });
        other.start();
        assertEquals(
                CpuExit.Kind.INTERRUPTED, scene.core.run(Budget.unlimited()).kind());
        other.join();
        assertTrue(scene.core.retired() > 0);
    }

    @Test
    void aTrapDoesNotCountAsRetired() {
        CoreScene scene = scene(asm -> asm.nop().nop().ud2());
        scene.runToTrap();
        assertEquals(2, scene.core.retired());
    }

    @Test
    void codeThatChangesItselfRunsAsChanged() {
        CoreScene scene = scene(asm -> {
            Label patched = asm.label("patched");
            Label loop = asm.label("loop");
            asm.mov(ECX, 2).bind(loop);
            asm.bind(patched).bytes(0xB8).u32(1); // mov eax, 1
            asm.add(RBX, RAX).mov(bytePtr(ptr(patched, 1)), 0x10).dec(ECX).jne(loop);
        });
        assertEquals(0x11, scene.runToEnd().get(RBX));
    }

    @Test
    void codeThatSomebodyElseChangesRunsAsChanged() {
        CoreScene scene = scene(asm -> asm.mov(EAX, 1));
        scene.runToEnd();
        scene.memory.writeU8(CoreScene.CODE + 1, 7);
        scene.core.registers().setRip(CoreScene.CODE);
        assertEquals(7, scene.runToEnd().get(EAX));
    }

    @Test
    void singleStepTrapsAfterEachInstruction() {
        CoreScene scene = scene(asm -> asm.nop().mov(EAX, 3));
        scene.core.registers().setRflags(0x302);
        Trap trap = scene.runToTrap();
        assertEquals(Trap.DB, trap.vector());
        assertEquals(Trap.Kind.TRAP, trap.kind());
        assertEquals(CoreScene.CODE + 1, scene.core.registers().rip());
        scene.runToTrap();
        assertEquals(3, scene.get(EAX));
    }

    @Test
    void twoRunsOfTheSameProgramAreTheSame() {
        for (int seed = 0; seed < 10; seed++) {
            assertEquals(outcomeOfRandomBytes(seed, 5_000), outcomeOfRandomBytes(seed, 5_000), "seed " + seed);
        }
    }

    @Test
    void garbageNeverThrows() {
        for (int seed = 100; seed < 300; seed++) {
            outcomeOfRandomBytes(seed, 500);
        }
    }

    /** Runs random bytes, going on behind each fault, and describes everything that can be seen. */
    private String outcomeOfRandomBytes(int seed, int budget) {
        CoreScene scene = new CoreScene(factory());
        Random random = new Random(seed);
        byte[] bytes = new byte[4096];
        random.nextBytes(bytes);
        scene.memory.write(CoreScene.CODE, bytes, 0, bytes.length);
        for (int i = 0; i < 16; i++) {
            scene.core.registers().setGpr(i, CoreScene.DATA + random.nextInt(1 << 16));
        }
        Registers registers = scene.core.registers();
        registers.setRip(CoreScene.CODE);
        scene.notes.resumeWith = trap -> registers.setRip(CoreScene.CODE + random.nextInt(4000));
        CpuExit exit = scene.core.run(new Budget(budget));
        return exit.kind() + " " + scene.state() + scene.notes.traps + scene.memoryHash() + scene.core.retired();
    }
}
