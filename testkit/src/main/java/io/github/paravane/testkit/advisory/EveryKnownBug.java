package io.github.paravane.testkit.advisory;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.TestTemplate;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Runs a JUnit Jupiter test method twice for each known bug: on the profile that has it and on one that has it not.
 * The method has one parameter, a {@link BugCase}.
 *
 * <pre>{@code
 * @EveryKnownBug
 * void myCore(BugCase bug) {
 *     bug.check(bug.replay().cores(MyCore::new));
 * }
 * }</pre>
 */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@TestTemplate
@ExtendWith(KnownBugCases.class)
public @interface EveryKnownBug {

    /** The layers to take; all if empty. */
    Layer[] value() default {};
}
