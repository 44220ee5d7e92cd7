package io.github.paravane.testkit.advisory;

/** Tells whether a bug is there: builds a machine on the stand, runs a guest on it, looks at what came of it. */
@FunctionalInterface
public interface Trial {

    /** Plays it once; a machine is built anew each time, so a trial may be played on any number of stands. */
    Finding play(Stand stand);
}
