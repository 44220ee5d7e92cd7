package outside;

import io.github.paravane.api.cpu.*;
import io.github.paravane.cpu.X86Core;
import io.github.paravane.testkit.advisory.*;

/** A core of one's own, here one that counts how often it is entered, against every known bug. */
public final class MyCore implements CpuCore {
    private static long runs;
    private final CpuCore core;

    private MyCore(CpuEnvironment environment) {
        core = X86Core.factory().create(environment);
    }

    @Override public Registers registers() { return core.registers(); }
    @Override public InstructionEmulator emulator() { return core.emulator(); }
    @Override public void interrupt() { core.interrupt(); }
    @Override public long retired() { return core.retired(); }

    @Override public CpuExit run(Budget budget) {
        runs++;
        return core.run(budget);
    }

    public static void main(String[] args) {
        int cases = 0;
        for (KnownBug bug : KnownBugs.all()) {
            for (BugCase each : new BugCase[] {new BugCase(bug, true), new BugCase(bug, false)}) {
                each.check(each.replay().cores(MyCore::new));
                cases++;
            }
        }
        System.out.println(cases + " cases as they should be, " + runs + " runs of my core");
    }
}
