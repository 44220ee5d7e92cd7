package io.github.paravane.hypervisor;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

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
    void dependsOnApiMmuAndCpu() {
        var classes = new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages("io.github.paravane.hypervisor");
        classes()
                .that()
                .resideInAPackage("io.github.paravane.hypervisor..")
                .should()
                .onlyDependOnClassesThat(resideOutsideOfPackage(OURS)
                        .or(resideInAnyPackage(
                                "io.github.paravane.api..",
                                "io.github.paravane.mmu..",
                                "io.github.paravane.cpu..",
                                "io.github.paravane.hypervisor..")))
                .allowEmptyShould(true)
                .check(classes);
    }

    @Test
    void onlyTheMachineKnowsTheCore() {
        var classes = new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages("io.github.paravane.hypervisor");
        noClasses()
                .that()
                .resideInAPackage("io.github.paravane.hypervisor..")
                .and()
                .resideOutsideOfPackage("io.github.paravane.hypervisor.machine..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.github.paravane.cpu..")
                .allowEmptyShould(true)
                .check(classes);
    }
}
