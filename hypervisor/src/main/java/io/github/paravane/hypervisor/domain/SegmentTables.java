package io.github.paravane.hypervisor.domain;

/** Where a vCPU's GDT and LDT are (abi-reference 3.4, 3.24); the rules are in package {@code descriptor}. */
public final class SegmentTables {

    /** GDT pages a guest may supply. */
    public static final int GUEST_GDT_PAGES = 14;

    /** Pages of the largest LDT. */
    public static final int LDT_PAGES = 16;

    private final long[] gdtFrames = new long[GUEST_GDT_PAGES];
    private final long[] ldtFrames = new long[LDT_PAGES];
    private int gdtEntries;
    private long ldtBase;
    private int ldtEntries;

    public SegmentTables() {
        java.util.Arrays.fill(gdtFrames, -1);
        java.util.Arrays.fill(ldtFrames, -1);
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

    /** mfn of LDT page 0 to 15 if a descriptor in it was used since SET_LDT or a base load, else -1. */
    public long ldtFrame(int page) {
        return ldtFrames[page];
    }

    /** Sets the mfn of an LDT page; references are the caller's business. */
    public void setLdtFrame(int page, long mfn) {
        ldtFrames[page] = mfn;
    }
}
