package io.github.paravane.testkit.guest;

import java.util.List;

/**
 * How a user process ended.
 *
 * @param reported the values it handed to system call {@link SolarisLikeKernel#SYS_REPORT}, in order
 * @param vector the exception that killed it, -1 if it exited
 * @param errorCode that exception's error code
 * @param address CR2 for a page fault
 * @param rflags RFLAGS in the frame of that exception
 */
public record ProcessEnd(List<Long> reported, int vector, long errorCode, long address, long rflags) {

    public ProcessEnd {
        reported = List.copyOf(reported);
    }

    /** Whether it ended by its own wish. */
    public boolean exited() {
        return vector < 0;
    }
}
