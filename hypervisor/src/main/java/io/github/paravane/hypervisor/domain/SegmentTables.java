package io.github.paravane.hypervisor.domain;

/** Where a vCPU's GDT and LDT are (abi-reference 3.4, 3.24); the rules are in package {@code descriptor}. */
public final class SegmentTables {

    /** GDT pages a guest may supply. */
    public static final int GUEST_GDT_PAGES = 14;

    private final long[] gdtFrames = new long[GUEST_GDT_PAGES];
    private int gdtEntries;
    private long ldtBase;
    private int ldtEntries;

    public SegmentTables() {
        java.util.Arrays.fill(gdtFrames, -1);
    }

    /** mfn of GDT page 0 to 13, -1 if absent. */
    public long gdtFrame(int page) {
        return gdtFrames[page];
    }

    /** Installs frames for a GDT of {@code entries}; references are the caller's business. */
    public void setGdt(long[] mfns, int entries) {
        java.util.Arrays.fill(gdtFrames, -1);
        System.arraycopy(mfns, 0, gdtFrames, 0, mfns.length);
        gdtEntries = entries;
    }

    /** Number of GDT entries supplied. */
    public int gdtEntries() {
        return gdtEntries;
    }

    /** Linear address of the LDT. */
    public long ldtBase() {
        return ldtBase;
    }

    /** Number of LDT entries. */
    public int ldtEntries() {
        return ldtEntries;
    }

    /** SET_LDT. */
    public void setLdt(long linear, int entries) {
        ldtBase = linear;
        ldtEntries = entries;
    }
}
