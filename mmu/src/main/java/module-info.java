/** Machine memory, the page walk and the TLB. */
module io.github.paravane.mmu {
    requires static transitive org.jspecify;
    requires transitive io.github.paravane.api;

    exports io.github.paravane.mmu;
    exports io.github.paravane.mmu.memory;
}
