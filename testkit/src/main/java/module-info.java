/** What users of the library test with. */
module io.github.paravane.testkit {
    requires static transitive org.jspecify;
    requires static org.junit.jupiter.api;
    requires static net.jqwik.api;
    requires transitive io.github.paravane.hypervisor;

    exports io.github.paravane.testkit.advisory;
    exports io.github.paravane.testkit.asm;
    exports io.github.paravane.testkit.contract;
    exports io.github.paravane.testkit.golden;
    exports io.github.paravane.testkit.guest;
    exports io.github.paravane.testkit.guest.probe;
    exports io.github.paravane.testkit.guest.program;
    exports io.github.paravane.testkit.hostile;
    exports io.github.paravane.testkit.inspect;
    exports io.github.paravane.testkit.paging;
    exports io.github.paravane.testkit.property;
    exports io.github.paravane.testkit.runtime;
    exports io.github.paravane.testkit.soak;
}
