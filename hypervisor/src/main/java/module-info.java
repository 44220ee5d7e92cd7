/** The paravirtual machine. */
module io.github.paravane.hypervisor {
    requires static transitive org.jspecify;
    requires transitive io.github.paravane.api;
    requires transitive io.github.paravane.mmu;
    requires transitive io.github.paravane.cpu;

    exports io.github.paravane.hypervisor.domain;
    exports io.github.paravane.hypervisor.machine;
    exports io.github.paravane.hypervisor.time;
    exports io.github.paravane.hypervisor.profiles;
}
