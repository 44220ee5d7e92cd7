package io.github.paravane.testkit.contract;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Runs the tests of a contract suite on one subject, without JUnit, to see which of them find a fault. */
final class Suite {

    private Suite() {}

    /** The first test of {@code suite}, an instance of a contract's subclass, that fails; empty if none does. */
    static Optional<String> firstFailure(Object suite) {
        for (Class<?> type = suite.getClass(); type != Object.class; type = type.getSuperclass()) {
            for (Method method : type.getDeclaredMethods()) {
                if (method.isAnnotationPresent(Test.class) && fails(suite, method)) {
                    return Optional.of(method.getName());
                }
            }
        }
        return Optional.empty();
    }

    private static boolean fails(Object suite, Method method) {
        try {
            method.setAccessible(true);
            method.invoke(suite);
            return false;
        } catch (InvocationTargetException thrown) {
            return true;
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
    }
}
