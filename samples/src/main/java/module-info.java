/** Runnable samples and the paravane command. */
module io.github.paravane.samples {
    requires static org.jspecify;
    requires io.github.paravane.hypervisor;
    requires io.github.paravane.testkit;
    requires info.picocli;
    requires static org.tukaani.xz;
    requires static com.github.luben.zstd_jni;

    opens io.github.paravane.samples.cli to
            info.picocli;
}
