package io.github.paravane.testkit.inspect;

import io.github.paravane.api.paging.Pte;
import java.util.ArrayList;
import java.util.List;

/**
 * A page-table entry as {@code ::pte} explains it. Unlike MDB on Xen, which never says {@code global} because Solaris
 * believes that there are no global pages, {@link #line} tells G and Xen's guest-kernel bit as they are stored.
 *
 * @param entry the entry as stored
 * @param level 0 for one that maps a page of 4 KiB
 */
public record PteInfo(long entry, int level) {

    private static final long NOSYNC = 0x200;
    private static final long NOCONSIST = 0x400;
    private static final long SOFTWARE = 0xE00;
    private static final long FOREIGN = 0x600;

    public PteInfo {
        if (level < 0 || level > 3) {
            throw new IllegalArgumentException("levels are 0 to 3: " + level);
        }
    }

    /** Whether it maps something. */
    public boolean isValid() {
        return Pte.isPresent(entry);
    }

    /** The frame it names. */
    public long mfn() {
        return Pte.mfn(entry);
    }

    /** Whether it maps a page, not a table. */
    public boolean isLeaf() {
        return level == 0 || (entry & Pte.PSE) != 0;
    }

    /** The words for the bits, in MDB's order. */
    public List<String> words() {
        List<String> words = new ArrayList<>();
        boolean foreign = (entry & SOFTWARE) >= FOREIGN;
        add(words, foreign, "foreign");
        add(words, !foreign && (entry & NOCONSIST) != 0, "noconsist");
        add(words, !foreign && (entry & NOSYNC) != 0, "nosync");
        add(words, (entry & Pte.GLOBAL) != 0, "global");
        add(words, level > 0 && (entry & Pte.PSE) != 0, "largepage");
        add(words, isLeaf() && (entry & Pte.DIRTY) != 0, "mod");
        add(words, (entry & Pte.ACCESSED) != 0, "ref");
        add(words, (entry & Pte.USER) != 0, "user");
        add(words, (entry & Pte.RW) != 0, "write");
        add(words, (entry & Pte.PWT) != 0, "wrthru");
        add(words, (entry & Pte.PCD) != 0, "uncached");
        add(words, (entry & Pte.GUEST_KERNEL) != 0, "guest-kernel");
        return words;
    }

    private static void add(List<String> words, boolean set, String word) {
        if (set) {
            words.add(word);
        }
    }

    /** The line that MDB prints. */
    public String line() {
        String raw = "pte=" + Long.toHexString(entry) + ": ";
        if (!isValid()) {
            return raw + "!VALID";
        }
        return raw + ((entry & Pte.NX) != 0 ? "noexec " : "") + "mfn=0x" + Long.toHexString(mfn()) + " "
                + String.join(" ", words());
    }
}
