/**
 * Known bugs of the PV ABI, replayable: each {@link io.github.paravane.testkit.advisory.KnownBug} has its {@link
 * io.github.paravane.testkit.advisory.Advisory}, a profile that has it, a profile that has it not, and a {@link
 * io.github.paravane.testkit.advisory.Trial} that tells the two apart on any profile, core and TLB.
 *
 * <pre>{@code
 * Replay.Result result = Replay.of(KnownBugs.find("xsa-193").orElseThrow()).cores(MyCore::new).play();
 * assertEquals(Outcome.SUCCESS, result.finding().outcome());
 * }</pre>
 *
 * <p>Outcomes are in XTF's words: SUCCESS, the bug is not there; FAILURE, it is; SKIP, this version has nothing to try;
 * ERROR, the trial could not tell.
 */
@NullMarked
package io.github.paravane.testkit.advisory;

import org.jspecify.annotations.NullMarked;
