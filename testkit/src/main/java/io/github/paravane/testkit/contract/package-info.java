/**
 * Contract suites: abstract JUnit Jupiter classes with the tests that every implementation of an interface of the api has to
 * pass. To check your own, extend the suite in your test sources and make the object:
 *
 * <pre>{@code
 * class MappedFileMemoryTest extends MachineMemoryContract {
 *     @Override
 *     protected MachineMemory create(long frames) {
 *         return new MappedFileMemory(frames);
 *     }
 * }
 * }</pre>
 *
 * <p>Each test makes its own object. A failing test names the sentence of the interface that is broken. The suites need
 * {@code org.junit.jupiter:junit-jupiter} 5 at test time.
 */
@NullMarked
package io.github.paravane.testkit.contract;

import org.jspecify.annotations.NullMarked;
