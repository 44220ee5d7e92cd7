/** The stable interfaces of Paravane: memory, paging, CPU, hypercalls, profiles, guests and observers. */
module io.github.paravane.api {
    requires static transitive org.jspecify;

    exports io.github.paravane.api.cpu;
    exports io.github.paravane.api.guest;
    exports io.github.paravane.api.hypercall;
    exports io.github.paravane.api.memory;
    exports io.github.paravane.api.observe;
    exports io.github.paravane.api.paging;
    exports io.github.paravane.api.profile;
}
