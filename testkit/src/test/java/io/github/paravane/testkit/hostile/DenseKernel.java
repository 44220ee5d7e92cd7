package io.github.paravane.testkit.hostile;

import static io.github.paravane.testkit.asm.Gpr.EAX;
import static io.github.paravane.testkit.asm.Gpr.ECX;
import static io.github.paravane.testkit.asm.Gpr.EDX;
import static io.github.paravane.testkit.asm.Gpr.ESI;
import static io.github.paravane.testkit.asm.Gpr.R10;
import static io.github.paravane.testkit.asm.Gpr.RAX;
import static io.github.paravane.testkit.asm.Gpr.RBX;
import static io.github.paravane.testkit.asm.Gpr.RDI;
import static io.github.paravane.testkit.asm.Gpr.RDX;
import static io.github.paravane.testkit.asm.Gpr.RSI;
import static io.github.paravane.testkit.asm.Memory.ptr;
import static io.github.paravane.testkit.asm.Memory.qword;

import io.github.paravane.testkit.asm.Assembler;
import io.github.paravane.testkit.asm.Label;
import io.github.paravane.testkit.asm.PvKernelImage;

/**
 * A kernel that maps one page of its own at every page of a window of 512 GiB, with three tables that point 512 times to
 * the next, and then does what the test adds. Guests with little memory reach everything that takes time this way.
 */
final class DenseKernel {

    static final long BASE = 0xffff_ffff_8000_0000L;

    /** Where the window begins: slot 5 of the L4. */
    static final long WINDOW = 5L << 39;

    private static final int MMU_UPDATE = 1;
    private static final int UPDATE_VA_MAPPING = 14;
    private static final int PT_BASE = 88;
    private static final int MFN_LIST = 104;
    private static final long DOMID_SELF = 0x7FF0;
    private static final int PRESENT_ACCESSED_DIRTY = 0x61;
    private static final int WRITABLE_USER = 6;
    private static final int INVLPG = 2;
    private static final int PIN_L3 = 2;
    private static final int UNPIN = 4;

    /** Requests of 24 bytes in a page. */
    static final int PINS = 170;

    private final Assembler asm = new Assembler(BASE);
    private final Label page = asm.label("page");
    private final Label request = asm.label("request");
    private final Label mfnOf = asm.label("mfn-of");
    private final Label l1 = asm.label("l1");
    private final Label l2 = asm.label("l2");
    private final Label l3 = asm.label("l3");
    private final Label refused = asm.label("refused");
    private final Label[] spare = {asm.label("spare1"), asm.label("spare2"), asm.label("spare3")};
    private final Label pins = asm.label("pins");

    /** A kernel with the window made; a refusal of that crashes it with UD2. */
    DenseKernel() {
        Label end = asm.label("made");
        asm.mov(RBX, RSI);
        table(l1, page);
        table(l2, l1);
        table(l3, l2);
        entry(l3, WRITABLE_USER);
        asm.mov(ptr(request, 8), RAX);
        asm.mov(RDI, ptr(RBX, PT_BASE)).call(mfnOf).shl(RAX, 12).or(RAX, 5 * 8).mov(ptr(request), RAX);
        asm.lea(RDI, ptr(request)).mov(ESI, 1).xor(EDX, EDX).movabs(R10, DOMID_SELF);
        asm.mov(EAX, MMU_UPDATE).syscall().test(RAX, RAX).jne(refused);
        asm.jmp(end);
        asm.bind(mfnOf).mov(RAX, RDI).movabs(RDX, BASE).sub(RAX, RDX).shr(RAX, 12);
        asm.mov(RDX, ptr(RBX, MFN_LIST)).mov(RAX, ptr(RDX, RAX, 8)).ret();
        asm.bind(refused).ud2();
        asm.bind(end);
    }

    /** Leaves the entry that maps the page at a label in RAX. */
    private void entry(Label target, int rights) {
        asm.lea(RDI, ptr(target)).call(mfnOf).shl(RAX, 12).or(RAX, PRESENT_ACCESSED_DIRTY | rights);
    }

    /** Fills a table with entries for {@code target} and maps it read-only. */
    private void table(Label table, Label target) {
        entry(target, WRITABLE_USER);
        asm.lea(RDI, ptr(table)).mov(ECX, 512).rep().stos(64);
        entry(table, 0);
        asm.mov(RSI, RAX).lea(RDI, ptr(table)).mov(EDX, INVLPG);
        asm.mov(EAX, UPDATE_VA_MAPPING).syscall().test(RAX, RAX).jne(refused);
    }

    /** Makes another three tables, and {@value #PINS} requests that pin and unpin them in turn; the first request. */
    Label pinRequests() {
        table(spare[0], page);
        table(spare[1], spare[0]);
        table(spare[2], spare[1]);
        asm.lea(RDI, ptr(spare[2])).call(mfnOf).lea(RDI, ptr(pins)).mov(ECX, PINS / 2);
        Label next = asm.here("next-pin");
        asm.mov(qword(ptr(RDI)), PIN_L3)
                .mov(ptr(RDI, 8), RAX)
                .mov(qword(ptr(RDI, 24)), UNPIN)
                .mov(ptr(RDI, 32), RAX);
        asm.add(RDI, 48).dec(ECX).jne(next);
        return pins;
    }

    /** Where the test's part goes. */
    Assembler asm() {
        return asm;
    }

    /** The page that fills the window. */
    Label page() {
        return page;
    }

    /** The file, with this at the start of the page. */
    byte[] toElf(long... words) {
        asm.ud2().align(8).bind(request).zeros(16);
        asm.align(4096).bind(l1).zeros(4096).bind(l2).zeros(4096).bind(l3).zeros(4096);
        for (Label each : spare) {
            asm.bind(each).zeros(4096);
        }
        asm.bind(pins).zeros(4096).bind(page);
        for (int i = 0; i < 512; i++) {
            asm.u64(i < words.length ? words[i] : 0);
        }
        return PvKernelImage.of(asm.assemble()).toElf();
    }
}
