package io.github.paravane.testkit.advisory;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.Extension;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.TestTemplateInvocationContext;
import org.junit.jupiter.api.extension.TestTemplateInvocationContextProvider;

/** Makes the invocations of {@link EveryKnownBug}. */
final class KnownBugCases implements TestTemplateInvocationContextProvider {

    @Override
    public boolean supportsTestTemplate(ExtensionContext context) {
        return context.getRequiredTestMethod().isAnnotationPresent(EveryKnownBug.class);
    }

    @Override
    public Stream<TestTemplateInvocationContext> provideTestTemplateInvocationContexts(ExtensionContext context) {
        EveryKnownBug wanted = context.getRequiredTestMethod().getAnnotation(EveryKnownBug.class);
        Set<Layer> layers = EnumSet.allOf(Layer.class);
        if (wanted.value().length > 0) {
            layers.retainAll(Set.of(wanted.value()));
        }
        return KnownBugs.all().stream()
                .filter(bug -> layers.contains(bug.advisory().layer()))
                .flatMap(bug -> Stream.of(new BugCase(bug, true), new BugCase(bug, false)))
                .map(Invocation::new);
    }

    private record Invocation(BugCase bug) implements TestTemplateInvocationContext, ParameterResolver {

        @Override
        public String getDisplayName(int invocationIndex) {
            return bug.toString();
        }

        @Override
        public List<Extension> getAdditionalExtensions() {
            return List.of(this);
        }

        @Override
        public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
            return parameter.getParameter().getType() == BugCase.class;
        }

        @Override
        public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
            return bug;
        }
    }
}
