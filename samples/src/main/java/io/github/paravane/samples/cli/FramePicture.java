package io.github.paravane.samples.cli;

import io.github.paravane.api.profile.AbiProfile;
import io.github.paravane.api.profile.EntryRules;
import io.github.paravane.api.profile.EntryRules.FailedReturn;
import io.github.paravane.api.profile.EntryRules.MissingCallback;
import io.github.paravane.api.profile.EntryRules.SyscallR11;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;

/** Draws what the kernel stack looks like when the guest's handler starts, as a profile has it. */
final class FramePicture {

    private final AbiProfile profile;

    FramePicture(AbiProfile profile) {
        this.profile = profile;
    }

    private record Slot(String name, String content) {}

    void print(PrintWriter out) {
        out.println();
        out.println("Frames on the guest kernel's stack (lowest address first, 8 bytes a slot)");
        draw(out, "SYSCALL from user mode", syscall());
        out.println("        " + startFlags(profile.get(EntryRules.SYSCALL_CLEARS_DF)));
        out.println("        events: "
                + (profile.get(EntryRules.SYSCALL_CAN_MASK)
                        ? "masked if the callback was registered so"
                        : "never masked by this entry"));
        out.println("        without a callback: "
                + (profile.get(EntryRules.MISSING_SYSCALL_CALLBACK) == MissingCallback.CRASH
                        ? "the domain crashes"
                        : "#UD at the instruction"));
        draw(out, "Exception with error code (vectors 8, 10-14, 17)", exception());
        out.println("        " + startFlags(false));
        draw(out, "Other exception, INT n, event, NMI", event());
        out.println("        " + startFlags(false));
        out.println("        events: masked for an event, and as the trap table says for others");
        if (profile.get(EntryRules.FAILED_RETURN) == FailedReturn.FAILSAFE) {
            draw(out, "Failsafe: the return to the guest faulted", failsafe());
        } else {
            out.println();
            out.println("  Failsafe: never called; a faulting return to the guest is an exception of its target");
        }
        draw(out, "What the hypercall iret takes from the stack", " <- rsp at the SYSCALL", iret());
    }

    private List<Slot> syscall() {
        boolean spoilt = profile.get(EntryRules.SYSCALL_R11) == SyscallR11.HYPERVISOR_TEXT;
        List<Slot> slots = new ArrayList<>();
        slots.add(new Slot("rcx", "user rip, as SYSCALL left it"));
        slots.add(
                new Slot("r11", spoilt ? "AN ADDRESS IN THE HYPERVISOR'S TEXT" : "user rflags, as SYSCALL left them"));
        addReturn(slots, "0xe033", "after the instruction");
        return slots;
    }

    private List<Slot> exception() {
        List<Slot> slots = interrupted();
        slots.add(new Slot("error", "error code; for #PF, U is set iff from user mode"));
        addReturn(slots, "0xe033 from user, 0xe030 from kernel", "of the instruction");
        return slots;
    }

    private List<Slot> event() {
        List<Slot> slots = interrupted();
        addReturn(
                slots,
                "0xe033 from user, 0xe030 from kernel",
                "of the next instruction; of the faulting one for faults");
        return slots;
    }

    private static List<Slot> iret() {
        return List.of(
                new Slot("rax", "to be loaded"),
                new Slot("r11", "to be loaded, without flag 0x100"),
                new Slot("rcx", "to be loaded, without flag 0x100"),
                new Slot("flags", "0x100: leave by SYSRET, with rcx = rip and r11 = rflags"),
                new Slot("rip", "where to go"),
                new Slot("cs", "RPL 3: to user mode; RPL 0: stay in the kernel"),
                new Slot("rflags", "the upcall mask becomes !IF"),
                new Slot("rsp", "to be loaded"),
                new Slot("ss", "to be loaded"));
    }

    private List<Slot> failsafe() {
        List<Slot> slots = interrupted();
        for (String selector : new String[] {"ds", "es", "fs", "gs"}) {
            slots.add(new Slot(selector, "selector"));
        }
        addReturn(slots, "0xe033 from user, 0xe030 from kernel", "of the instruction");
        return slots;
    }

    private static List<Slot> interrupted() {
        List<Slot> slots = new ArrayList<>();
        slots.add(new Slot("rcx", "interrupted rcx"));
        slots.add(new Slot("r11", "interrupted r11"));
        return slots;
    }

    private void addReturn(List<Slot> slots, String codeSelector, String where) {
        String iopl = profile.get(EntryRules.VIRTUAL_IOPL) ? "IOPL 0 or virtual" : "IOPL of the processor";
        slots.add(new Slot("rip", where));
        slots.add(new Slot("cs", codeSelector + "; bits 39:32 the upcall mask"));
        slots.add(new Slot("rflags", "IF = !upcall mask; " + iopl));
        slots.add(new Slot("rsp", "interrupted rsp"));
        slots.add(new Slot("ss", "0xe02b"));
    }

    private String startFlags(boolean clearsDirection) {
        String cleared = KnobValues.text(EntryRules.CLEARED_FLAGS, profile.get(EntryRules.CLEARED_FLAGS));
        return "handler starts with rcx = its rip, r11 = its rflags; cleared: "
                + cleared.substring(cleared.indexOf(' ') + 1) + (clearsDirection ? " DF" : "");
    }

    private static void draw(PrintWriter out, String title, List<Slot> slots) {
        draw(out, title, " <- rsp, 16-byte aligned above the frame", slots);
    }

    private static void draw(PrintWriter out, String title, String rsp, List<Slot> slots) {
        String edge = "        +--------+" + "-".repeat(68) + "+";
        out.println();
        out.println("  " + title + ": " + slots.size() * 8 + " bytes");
        out.println(edge);
        int offset = 0;
        for (Slot slot : slots) {
            out.printf("   +%02x  | %-6s | %-66s |%s%n", offset, slot.name(), slot.content(), offset == 0 ? rsp : "");
            offset += 8;
        }
        out.println(edge);
    }
}
