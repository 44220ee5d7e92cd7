package io.github.paravane.samples.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.Attributes;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Every published module is one bundle and one named module, and both promise the same packages. */
class BundleTest {
    private static final Pattern QUOTED = Pattern.compile("\"[^\"]*\"");
    private static final Pattern PACKAGE = Pattern.compile("io\\.github\\.paravane[\\w.]*");

    @TestFactory
    Stream<DynamicTest> bundlesExportWhatTheirModulesExport() throws IOException {
        return PublishedModule.all().stream()
                .map(module -> DynamicTest.dynamicTest(
                        module.name(), () -> assertEquals(module.exports(), packages(module, "Export-Package"))));
    }

    @TestFactory
    Stream<DynamicTest> bundlesImportOnlyWhatIsExported() throws IOException {
        List<PublishedModule> modules = PublishedModule.all();
        Set<String> exported = new TreeSet<>();
        modules.forEach(module -> exported.addAll(module.exports()));
        return modules.stream()
                .map(module -> DynamicTest.dynamicTest(module.name(), () -> {
                    Set<String> internal = packages(module, "Import-Package");
                    internal.removeAll(exported);
                    assertEquals(Set.of(), internal);
                }));
    }

    @TestFactory
    Stream<DynamicTest> bundlesNameThemselves() throws IOException {
        return PublishedModule.all().stream()
                .map(module -> DynamicTest.dynamicTest(module.name(), () -> {
                    Attributes headers = module.manifest().getMainAttributes();
                    assertEquals(
                            "io.github.paravane.paravane-" + module.name(), headers.getValue("Bundle-SymbolicName"));
                    assertTrue(headers.getValue("Require-Capability").contains("JavaSE)(version=17)"));
                    // Either header would differ from build to build.
                    assertFalse(headers.containsKey(new Attributes.Name("Bnd-LastModified")));
                    assertFalse(headers.containsKey(new Attributes.Name("Built-By")));
                }));
    }

    private static Set<String> packages(PublishedModule module, String header) throws IOException {
        Set<String> packages = new TreeSet<>();
        String value = module.manifest().getMainAttributes().getValue(header);
        if (value != null) {
            Matcher names = PACKAGE.matcher(QUOTED.matcher(value).replaceAll(""));
            while (names.find()) {
                packages.add(names.group());
            }
        }
        return packages;
    }
}
