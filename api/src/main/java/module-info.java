/** The interfaces and values that the layers share. */
module io.github.paravane.api {
    requires static transitive org.jspecify;
}
