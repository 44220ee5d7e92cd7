package io.github.paravane.testkit.inspect;

/** A command that cannot be carried out; the message is what MDB prints behind {@code mdb: }. */
public final class MdbException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    MdbException(String message) {
        super(message);
    }
}
