package io.github.paravane.samples.story;

import io.github.paravane.api.profile.AbiProfile;
import io.github.paravane.hypervisor.profiles.AbiProfiles;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;

/** The story of December 2007, told by running it. */
public final class Story {

    /** The versions in the table. */
    public static final List<AbiProfile> VERSIONS = List.of(
            AbiProfiles.XEN_3_0_2,
            AbiProfiles.XEN_3_0_3,
            AbiProfiles.XEN_3_1_0,
            AbiProfiles.XEN_3_1_1,
            AbiProfiles.XEN_3_1_2,
            AbiProfiles.XEN_4_17);

    private static final List<AbiProfile> SYSCALL =
            List.of(AbiProfiles.XEN_3_1_0, AbiProfiles.XEN_3_1_1, AbiProfiles.XEN_3_1_2);
    private static final List<AbiProfile> EXCHANGE = List.of(AbiProfiles.XEN_3_1_1, AbiProfiles.XEN_3_1_2);

    private static final int TITLE = 54;
    private static final int CELL = 11;

    private final PrintWriter out;

    public Story(PrintWriter out) {
        this.out = out;
    }

    /** Tells all of it. */
    public void tell() {
        tell(SYSCALL, EXCHANGE, VERSIONS);
    }

    /** Tells what one version has of it. */
    public void tell(AbiProfile version) {
        List<AbiProfile> only = List.of(version);
        tell(only, only, only);
    }

    private void tell(List<AbiProfile> syscall, List<AbiProfile> exchange, List<AbiProfile> versions) {
        out.println("Xen compatibility with Solaris: three bugs of 2007, played by guest kernels on the PV ABI");
        out.println();
        SyscallScene.print(out, syscall);
        out.flush();
        ReadkernScene.print(out, exchange);
        out.flush();
        GlobalBitScene.print(out, exchange);
        out.flush();
        printTables(versions);
        out.flush();
    }

    private void printTables(List<AbiProfile> versions) {
        Matrix matrix = new Matrix();
        out.println("What entries become, and what that means (stored bits: U = PT_USER, G = PT_GLOBAL, K = Xen's");
        out.println(
                "guest-kernel bit; LEAK: user mode reads the page; panic: the kernel cannot read it itself; slow: looked up");
        out.println("again after each system call; kept: stays in the TLB)");
        out.println();
        header(versions);
        for (Map.Entry<String, List<String>> row : matrix.outcomes(versions).entrySet()) {
            line(row.getKey(), row.getValue());
        }
        out.println();
        out.println(
                "Who is faulty (fixed: does not show; before 3.0.3 Xen adjusted no entry, so bugs 2 and 3 were not there yet)");
        out.println();
        header(versions);
        for (Matrix.Bug bug : Matrix.Bug.values()) {
            line(
                    bug.title(),
                    versions.stream()
                            .map(version -> matrix.isFaulty(bug, version) ? "FAULTY" : "fixed")
                            .toList());
        }
    }

    private void header(List<AbiProfile> versions) {
        line("", versions.stream().map(AbiProfile::name).toList());
    }

    private void line(String title, List<String> cells) {
        StringBuilder text = new StringBuilder(pad(title, TITLE));
        cells.forEach(cell -> text.append(pad(cell, CELL)));
        out.println(text.toString().stripTrailing());
    }

    private static String pad(String text, int width) {
        return text + " ".repeat(Math.max(1, width - text.length()));
    }
}
