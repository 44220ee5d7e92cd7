package io.github.paravane.cpu.vectors;

/** RCPPS, RSQRTPS and their scalar forms: relative error at most 1.5 * 2^-12 (Intel SDM vol 2, RCPPS and RSQRTPS). */
final class Approximation {
    private static final double BOUND = 1.5 / 4096;
    private static final int XMM = 8 * Case.FX + 160;

    private Approximation() {}

    static void forgive(Case before, Case expected, Case actual) {
        for (int at = XMM; at < XMM + 256; at += 4) {
            int e = expected.image.getInt(at);
            int a = actual.image.getInt(at);
            if (e == a) {
                continue;
            }
            double x = Float.intBitsToFloat(e);
            double y = Float.intBitsToFloat(a);
            // Each within the bound of the exact value, hence within twice the bound of each other.
            if (Math.abs(x - y) <= 2 * BOUND * Math.abs(x)) {
                actual.image.putInt(at, e);
            }
        }
    }
}
