package io.github.paravane.samples.rules;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.tngtech.archunit.ArchConfiguration;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Which module may know which: the one place where the direction of dependencies is written down, beside module-info. */
class LayeringTest {

    private static final String OURS = "io.github.paravane..";

    /** A module and those of ours that it may use. */
    private record Layer(String module, List<String> below) {

        String[] allowed() {
            return Stream.concat(Stream.of(module), below.stream())
                    .map(Layer::packages)
                    .toArray(String[]::new);
        }

        static String packages(String module) {
            return "io.github.paravane." + module + "..";
        }
    }

    static final List<Layer> LAYERS = List.of(
            new Layer("api", List.of()),
            new Layer("mmu", List.of("api")),
            new Layer("cpu", List.of("api")),
            new Layer("hypervisor", List.of("api", "mmu", "cpu")),
            new Layer("testkit", List.of("api", "mmu", "cpu", "hypervisor")));

    private static JavaClasses everything;

    @BeforeAll
    static void readOurClassesOnly() {
        ArchConfiguration.get().setResolveMissingDependenciesFromClassPath(false);
        everything = new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages("io.github.paravane");
        assertFalse(everything.isEmpty());
    }

    @ParameterizedTest
    @FieldSource("LAYERS")
    void moduleKnowsOnlyThoseBelow(Layer layer) {
        classes()
                .that()
                .resideInAPackage(Layer.packages(layer.module))
                .should()
                .onlyDependOnClassesThat(resideOutsideOfPackage(OURS).or(resideInAnyPackage(layer.allowed())))
                .check(everything);
    }

    @Test
    void onlyTheMachineKnowsTheCore() {
        noClasses()
                .that()
                .resideInAPackage(Layer.packages("hypervisor"))
                .and()
                .resideOutsideOfPackage("io.github.paravane.hypervisor.machine..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage(Layer.packages("cpu"))
                .check(everything);
    }

    @Test
    void onlyTheTranslatorsOfBlocksAndRegionsKnowAsm() {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.github.paravane.samples..")
                .and()
                .haveNameNotMatching(
                        "io\\.github\\.paravane\\.cpu\\.exec\\.(BlockTranslator|RegionWriter|RegionOperations)(\\$.*)?")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.objectweb.asm..")
                .check(everything);
    }
}
