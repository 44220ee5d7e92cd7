package io.github.paravane.samples.rules;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.tngtech.archunit.ArchConfiguration;
import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.github.paravane.api.profile.AbiProfile;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The rules of the house that concern all modules at once. */
class HouseRulesTest {
    private static final String[] LIBRARY = {
        "io.github.paravane.api..",
        "io.github.paravane.mmu..",
        "io.github.paravane.cpu..",
        "io.github.paravane.hypervisor..",
        "io.github.paravane.testkit.."
    };

    private static List<PublishedModule> modules = List.of();
    private static JavaClasses everything;

    @BeforeAll
    static void load() throws IOException {
        ArchConfiguration.get().setResolveMissingDependenciesFromClassPath(false);
        modules = PublishedModule.all();
        everything = new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages("io.github.paravane");
        assertFalse(everything.isEmpty());
    }

    @Test
    void packagesThatAreNotExportedStayAtHome() {
        Set<String> offences = new TreeSet<>();
        for (JavaClass from : everything) {
            Optional<PublishedModule> home = moduleOf(from);
            for (Dependency dependency : from.getDirectDependenciesFromSelf()) {
                JavaClass to = dependency.getTargetClass().getBaseComponentType();
                moduleOf(to)
                        .filter(module -> !Optional.of(module).equals(home))
                        .filter(module -> !module.exports().contains(to.getPackageName()))
                        .ifPresent(module -> offences.add(from.getName() + " uses " + to.getName()));
            }
        }
        assertEquals(Set.of(), offences);
    }

    @Test
    void exportedClassesAreNamedForWhatTheyAre() {
        Set<String> offences = new TreeSet<>();
        for (JavaClass type : everything) {
            boolean exported = moduleOf(type)
                    .filter(module -> module.exports().contains(type.getPackageName()))
                    .isPresent();
            if (exported && type.getSimpleName().matches("Abstract.*|.*(Manager|Helper|Util|Utils|Impl)")) {
                offences.add(type.getName());
            }
        }
        assertEquals(Set.of(), offences);
    }

    @Test
    void libraryModulesHaveNoStaticMutableState() {
        fields().that()
                .areDeclaredInClassesThat(resideInAnyPackage(LIBRARY))
                .and()
                .areStatic()
                .and()
                .doNotHaveModifier(JavaModifier.SYNTHETIC)
                .should()
                .beFinal()
                .check(everything);
    }

    @Test
    void libraryModulesAreWiredExplicitly() {
        noClasses()
                .that()
                .resideInAnyPackage(LIBRARY)
                .should()
                .dependOnClassesThat()
                .areAssignableTo(ServiceLoader.class)
                .orShould()
                .callMethod(System.class, "getProperty", String.class)
                .orShould()
                .callMethod(System.class, "getProperty", String.class, String.class)
                .orShould()
                .callMethod(System.class, "getenv", String.class)
                .orShould()
                .callMethod(Boolean.class, "getBoolean", String.class)
                .check(everything);
    }

    @Test
    void libraryModulesDoNotPrint() {
        noClasses()
                .that()
                .resideInAnyPackage(LIBRARY)
                .should()
                .accessField(System.class, "out")
                .orShould()
                .accessField(System.class, "err")
                .orShould()
                .callMethod(Throwable.class, "printStackTrace")
                .check(everything);
    }

    @Test
    void onlyProfilesReadTheNamesOfProfiles() {
        noClasses()
                .that()
                .resideInAnyPackage("io.github.paravane.mmu..", "io.github.paravane.cpu..")
                .or(inHypervisorOutsideProfiles())
                .should()
                .callMethod(AbiProfile.class, "name")
                .orShould()
                .callMethod(AbiProfile.class, "equals", Object.class)
                .check(everything);
    }

    @Test
    void everyPackageIsNullMarked() {
        classes()
                .that()
                .haveSimpleName("package-info")
                .should()
                .beAnnotatedWith("org.jspecify.annotations.NullMarked")
                .check(everything);
        Set<String> unmarked = new TreeSet<>();
        for (JavaClass type : everything) {
            if (type.getPackage().tryGetPackageInfo().isEmpty()) {
                unmarked.add(type.getPackageName());
            }
        }
        assertEquals(Set.of(), unmarked);
    }

    private static DescribedPredicate<JavaClass> inHypervisorOutsideProfiles() {
        return DescribedPredicate.describe(
                "in the hypervisor outside of profiles",
                type -> type.getPackageName().startsWith("io.github.paravane.hypervisor")
                        && !type.getPackageName().startsWith("io.github.paravane.hypervisor.profiles"));
    }

    private static Optional<PublishedModule> moduleOf(JavaClass type) {
        String name = type.getPackageName();
        return modules.stream()
                .filter(module -> name.equals(module.packagePrefix()) || name.startsWith(module.packagePrefix() + "."))
                .findFirst();
    }
}
