package io.github.paravane.testkit.advisory;

/** What a trial found; the words are those of the Xen Test Framework. */
public enum Outcome {
    /** The bug is not there. */
    SUCCESS,
    /** This version has nothing to try: the interface that the bug is in does not exist. */
    SKIP,
    /** The trial could not tell: neither the faulty nor the correct behaviour was seen. */
    ERROR,
    /** The bug is there. */
    FAILURE
}
