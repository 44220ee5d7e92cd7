package io.github.paravane.cpu.softfloat;

/** FPREM and FPREM1: the partial remainder, exact, at most 63 quotient bits a time. */
public final class Remainder {
    private Remainder() {}

    /**
     * Reduces {@code f.a} by {@code f.b} into {@code f.r}.
     *
     * @param nearest FPREM1: the quotient is rounded to nearest and not towards zero
     * @return at least the three low bits of the quotient's magnitude, or -1 if the reduction is not complete
     */
    public static int partial(SoftFloat f, boolean nearest) {
        Operand a = f.a;
        Operand b = f.b;
        if (f.nan()) {
            return 0;
        }
        if (a.kind == Operand.INFINITE || b.kind == Operand.ZERO) {
            f.invalid();
            return 0;
        }
        f.denormals();
        f.r.copy(a);
        if (a.kind == Operand.ZERO || b.kind == Operand.INFINITE) {
            return 0;
        }
        int distance = a.exponent - b.exponent;
        if (distance < -1 || (distance < 0 && !nearest)) {
            return 0;
        }
        if (distance >= 64) {
            int steps = (distance & 31) | 32;
            reduce(f, steps, distance - steps);
            return -1;
        }
        if (distance < 0) {
            return below(f);
        }
        int quotient = reduce(f, distance, 0);
        return nearest ? toNearest(f, quotient) : quotient;
    }

    /** {@code a} is between a quarter and the whole of {@code b}: FPREM1 subtracts once if it is more than half. */
    private static int below(SoftFloat f) {
        if (Long.compareUnsigned(f.a.significand, f.b.significand) <= 0) {
            return 0;
        }
        // b - a, with a = significand / 2 at b's exponent: the exact difference has one bit more.
        long half = f.a.significand >>> 1;
        long odd = f.a.significand << 63;
        f.r.exponent = f.b.exponent;
        f.r.significand = f.b.significand - half - (odd != 0 ? 1 : 0);
        f.r.low = -odd;
        f.r.negative = !f.a.negative;
        f.normalise();
        return 1;
    }

    /** Subtracts {@code b << n} for n = steps..0 where it fits; leaves the rest in r at b's exponent plus {@code up}. */
    private static int reduce(SoftFloat f, int steps, int up) {
        long rest = f.a.significand;
        long divisor = f.b.significand;
        int quotient = 0;
        boolean carry = false;
        for (int n = steps; ; n--) {
            quotient <<= 1;
            if (carry || Long.compareUnsigned(rest, divisor) >= 0) {
                rest -= divisor;
                quotient |= 1;
            }
            if (n == 0) {
                break;
            }
            carry = rest < 0;
            rest <<= 1;
        }
        setRest(f, rest, f.b.exponent + up);
        return quotient & 7;
    }

    private static void setRest(SoftFloat f, long rest, int exponent) {
        f.r.significand = rest;
        f.r.exponent = exponent;
        f.r.low = 0;
        if (rest == 0) {
            f.r.kind = Operand.ZERO;
        } else {
            f.normalise();
        }
    }

    private static int toNearest(SoftFloat f, int quotient) {
        if (f.r.kind == Operand.ZERO) {
            return quotient;
        }
        int shift = f.b.exponent - f.r.exponent;
        if (shift > 1) {
            return quotient;
        }
        long rest = f.r.significand >>> shift;
        int order = shift == 0 ? 1 : Long.compareUnsigned(f.r.significand, f.b.significand);
        if (order < 0 || (order == 0 && (quotient & 1) == 0)) {
            return quotient;
        }
        // The rest has no bits below the divisor's last: it was reduced at that exponent.
        f.r.negative = !f.a.negative;
        setRest(f, f.b.significand - rest, f.b.exponent);
        return quotient + 1;
    }
}
