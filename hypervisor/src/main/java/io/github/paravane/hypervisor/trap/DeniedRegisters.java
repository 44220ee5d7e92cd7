package io.github.paravane.hypervisor.trap;

/**
 * Model-specific registers that a domain does not get even where it gets what the hypervisor does not know: those of features
 * that are not virtualised, the x2APIC's, and energy counters (as a real 4.14.6 has them).
 */
final class DeniedRegisters {

    /** First and last of each range. */
    private static final int[] LISTED = {
        0x33,
        0x33,
        0x48,
        0x49,
        0x4E,
        0x4F,
        0x79,
        0x79,
        0xCF,
        0xCF,
        0x10A,
        0x10B,
        0x10F,
        0x10F,
        0x122,
        0x123,
        0x4D0,
        0x4D0,
        0x560,
        0x58F,
        0x6A0,
        0x6A0,
        0x6A2,
        0x6A2,
        0x6A4,
        0x6A8,
        0x800,
        0x8FF,
        0xD90,
        0xD90,
        0xDA0,
        0xDA0,
        0x4000_0001,
        0x4000_01FF,
        0xC000_0105,
        0xC000_0106,
        0xC001_0020,
        0xC001_0020,
        0xC001_02F0,
        0xC001_02F1
    };

    /** Energy counters and limits, the rest of the x2APIC's range, and debug masks, which 4.14 names one by one. */
    private static final int[] BY_NAME = {
        0x606,
        0x606,
        0x610,
        0x614,
        0x618,
        0x61C,
        0x638,
        0x63A,
        0x640,
        0x642,
        0x64D,
        0x64D,
        0x65C,
        0x65C,
        0x900,
        0xBFF,
        0xC001_0058,
        0xC001_0058,
        0xC001_007A,
        0xC001_007B,
        0xC001_0299,
        0xC001_029B,
        0xC001_1019,
        0xC001_101B,
        0xC001_1027,
        0xC001_1027
    };

    private DeniedRegisters() {}

    /** Whether a domain with relaxed MSRs is refused a register. */
    static boolean isListed(int index) {
        return isIn(LISTED, index);
    }

    /** Whether 4.14, which knows no relaxed MSRs, refuses it. */
    static boolean isNamed(int index) {
        return isIn(LISTED, index) || isIn(BY_NAME, index);
    }

    /** Whether it can be read, but not written: PLATFORM_ID, the microcode revision, CORE_THREAD_COUNT, PLATFORM_INFO. */
    static boolean isReadOnly(int index) {
        return index == 0x17 || index == 0x8B || index == 0x35 || index == 0xCE;
    }

    private static boolean isIn(int[] ranges, int index) {
        for (int i = 0; i < ranges.length; i += 2) {
            if (index >= ranges[i] && index <= ranges[i + 1]) {
                return true;
            }
        }
        return false;
    }
}
