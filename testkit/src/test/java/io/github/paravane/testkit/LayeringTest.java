package io.github.paravane.testkit;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.ArchConfiguration;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class LayeringTest {
    @BeforeAll
    static void readOurClassesOnly() {
        ArchConfiguration.get().setResolveMissingDependenciesFromClassPath(false);
    }

    @Test
    void doesNotKnowTheSamples() {
        var classes = new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages("io.github.paravane.testkit");
        noClasses()
                .that()
                .resideInAPackage("io.github.paravane.testkit..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.github.paravane.samples..")
                .allowEmptyShould(true)
                .check(classes);
    }
}
