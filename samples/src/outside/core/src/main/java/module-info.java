module outside {
    requires io.github.paravane.testkit;
}
