package io.github.paravane.testkit.guest;

import java.util.List;
import java.util.Objects;

/**
 * How a user process ended.
 *
 * @param reported the values it handed to system call {@link UserProgram#SYS_REPORT}, in order
 * @param vector the exception that killed it, -1 if it exited
 * @param errorCode that exception's error code
 * @param address CR2 for a page fault
 * @param rflags RFLAGS in the frame of that exception
 * @param output what it wrote with {@link UserProgram#SYS_WRITE}
 * @param status its exit status, 0 if it was killed
 */
public record ProcessEnd(
        List<Long> reported, int vector, long errorCode, long address, long rflags, String output, int status) {

    public ProcessEnd {
        reported = List.copyOf(reported);
        Objects.requireNonNull(output, "output");
    }

    /** The end of a process that wrote nothing. */
    public ProcessEnd(List<Long> reported, int vector, long errorCode, long address, long rflags) {
        this(reported, vector, errorCode, address, rflags, "", 0);
    }

    /** Whether it ended by its own wish. */
    public boolean exited() {
        return vector < 0;
    }
}
