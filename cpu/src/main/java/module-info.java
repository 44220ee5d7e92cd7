/** The x86-64 core. */
module io.github.paravane.cpu {
    requires static transitive org.jspecify;
    requires transitive io.github.paravane.api;
    requires org.objectweb.asm;

    exports io.github.paravane.cpu;
}
