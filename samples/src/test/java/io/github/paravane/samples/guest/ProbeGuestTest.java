package io.github.paravane.samples.guest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.paravane.cpu.X86Core;
import io.github.paravane.hypervisor.machine.RunResult;
import io.github.paravane.samples.GuestImages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The probe guests, whose output was recorded on the real Xen 4.17 under QEMU; skipped where they are not found. */
class ProbeGuestTest {

    private static final RunResult POWER_OFF = new RunResult(RunResult.Kind.SHUT_DOWN, 0, "", null);

    /** Lines of bench: 17 figures, the faults it counted, the end. */
    private static final int BENCH_LINES = 19;

    /**
     * Lines of entry where the recording shows QEMU's processor and not the manual (AMD64 Architecture Programmer's
     * Manual), and the start of the line that the manual asks for. Everything else in entry is equal.
     */
    private static final Map<String, String> BY_THE_MANUAL = Map.of(
            // A non-canonical address in the stack segment is #SS(0) (vol. 2, 8.2.13); QEMU raises #GP(0).
            "U noncanss", "U noncanss: vec=c err=0 fcx=cccc f11=bbbb rip=c+a cs=10000e033",
            "K noncanss", "K noncanss: vec=c err=0 fcx=cccc f11=bbbb rip=c+a cs=10000e030",
            // A near jump to a non-canonical target is #GP(0) of the jump (vol. 3, JMP near); QEMU faults at the
            // target.
            "U jmpnc", "U jmpnc: vec=d err=0 fcx=cccc f11=bbbb rip=c+a cs=10000e033",
            "K jmpnc", "K jmpnc: vec=d err=0 fcx=cccc f11=bbbb rip=c+a cs=10000e030",
            // WBINVD needs ring 0 (vol. 3, WBINVD); QEMU executes it in any.
            "U wbinvd", "U wbinvd: vec=d err=0 fcx=cccc f11=bbbb rip=c+0 cs=10000e033",
            // An invalid instruction is a fault at its first byte (vol. 3, INTO); QEMU reports the byte after it.
            "U into", "U into: vec=6 err=0 fcx=cccc f11=bbbb rip=c+0 cs=10000e033",
            "K into", "K into: vec=6 err=0 fcx=cccc f11=bbbb rip=c+0 cs=10000e030",
            // With AM and AC set a misaligned access in ring 3 is #AC(0) (vol. 2, 8.2.18); QEMU does not check.
            "U ac", "U ac: vec=11 err=0 fcx=cccc f11=bbbb rip=c+e cs=10000e033 rfl=50002",
            "K ac", "K ac: vec=11 err=0 fcx=cccc f11=bbbb rip=c+e cs=10000e030 rfl=50002");

    private static GuestRun run(String kernel, String commandLine) {
        Path bin = GuestImages.probes().resolve("bin");
        return GuestRun.of(bin.resolve(kernel), commandLine, 64, 1);
    }

    private static List<String> golden(String name) throws IOException {
        return Files.readAllLines(GuestImages.probes().resolve("golden").resolve(name));
    }

    private static Map<String, String> byProbe(List<String> lines) {
        Map<String, String> result = new TreeMap<>();
        lines.forEach(line -> result.put(line.replaceFirst(":.*", ""), line));
        return result;
    }

    @Test
    void everyEntryIntoTheKernelIsAsRecorded() throws IOException {
        List<String> golden = golden("entry.txt");
        GuestRun run = run("entry.elf", "");
        assertEquals(POWER_OFF, run.result());
        assertEquals(golden.size(), run.lines().size());
        for (int i = 0; i < golden.size(); i++) {
            String manual = BY_THE_MANUAL.get(golden.get(i).replaceFirst(":.*", ""));
            String line = run.lines().get(i);
            if (manual == null) {
                assertEquals(golden.get(i), line);
            } else {
                assertTrue(line.startsWith(manual + " "), line);
            }
        }
        assertTrue(byProbe(golden).keySet().containsAll(BY_THE_MANUAL.keySet()));
    }

    @Test
    void fuzzEndsWithoutUnexpectedTrap() {
        GuestRun run = run("fuzz.elf", "seed=1 n=2000");
        assertEquals(POWER_OFF, run.result());
        List<String> lines = run.lines();
        assertTrue(lines.get(lines.size() - 1).startsWith("FUZZ-END seed=1 n=2000 hash="), lines::toString);
        assertEquals(2000 / 256, hashes(lines).size());
        assertEquals(List.of(), run.differences());
    }

    @Test
    void fuzzWithTheFaultsOfQemuIsAsRecorded() throws IOException {
        Path kernel = GuestImages.probes().resolve("bin/fuzz.elf");
        GuestRun run = GuestRun.of(kernel, "seed=2 n=2000", 64, 1, X86Core.factory(X86Core.ModifyFault.READ));
        assertEquals(hashes(golden("fuzz-2.txt")).subList(0, 2000 / 256), hashes(run.lines()));
    }

    /** The rolling hash over everything that the operations returned, every 256 operations. */
    private static List<String> hashes(List<String> lines) {
        return lines.stream().filter(line -> line.matches("FUZZ \\d+ .*")).toList();
    }

    @Test
    void benchPrintsEveryLine() {
        GuestRun run = run("bench.elf", "");
        assertEquals(POWER_OFF, run.result());
        List<String> lines =
                run.lines().stream().filter(line -> !line.isBlank()).toList();
        assertEquals(BENCH_LINES, lines.size(), lines::toString);
        assertEquals(
                BENCH_LINES - 2,
                lines.stream().filter(line -> line.startsWith("BENCH ")).count());
        assertEquals(List.of("faults 100000", "BENCH-END"), lines.subList(BENCH_LINES - 2, BENCH_LINES));
        assertEquals(List.of(), run.differences());
    }
}
