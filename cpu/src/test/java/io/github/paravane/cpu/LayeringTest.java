package io.github.paravane.cpu;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.ArchConfiguration;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class LayeringTest {
    private static final String OURS = "io.github.paravane..";

    @BeforeAll
    static void readOurClassesOnly() {
        ArchConfiguration.get().setResolveMissingDependenciesFromClassPath(false);
    }

    @Test
    void dependsOnApiAlone() {
        var classes = new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages("io.github.paravane.cpu");
        classes()
                .that()
                .resideInAPackage("io.github.paravane.cpu..")
                .should()
                .onlyDependOnClassesThat(resideOutsideOfPackage(OURS)
                        .or(resideInAnyPackage("io.github.paravane.api..", "io.github.paravane.cpu..")))
                .allowEmptyShould(true)
                .check(classes);
    }
}
