package io.github.paravane.api.cpu;

/** Answers RDTSC; never goes backwards. */
@FunctionalInterface
public interface TimeStampSource {

    /** The time-stamp counter now. */
    long timeStamp();
}
