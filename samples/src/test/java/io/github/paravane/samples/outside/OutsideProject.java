package io.github.paravane.samples.outside;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Document;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;

/** A Maven project of {@code src/outside}, compiled and packed as its pom says, without Maven. */
record OutsideProject(Path folder) {

    /** The artifacts that its pom depends on. */
    List<String> dependencies() throws IOException {
        List<String> artifacts = new ArrayList<>();
        NodeList nodes = pom().getElementsByTagName("dependency");
        for (int n = 0; n < nodes.getLength(); n++) {
            artifacts.add(child(nodes.item(n), "artifactId"));
        }
        return artifacts;
    }

    /** Compiles its sources with {@code options} and packs them. */
    Path pack(Path jar, String... options) throws IOException {
        Path classes = Files.createDirectories(jar.resolveSibling(jar.getFileName() + ".classes"));
        List<String> arguments = new ArrayList<>(List.of(options));
        arguments.addAll(List.of("--release", "17", "-proc:none", "-d", classes.toString()));
        try (Stream<Path> sources = Files.walk(folder.resolve("src/main/java"))) {
            sources.filter(file -> file.toString().endsWith(".java")).forEach(file -> arguments.add(file.toString()));
        }
        ByteArrayOutputStream errors = new ByteArrayOutputStream();
        int status = ToolProvider.getSystemJavaCompiler().run(null, errors, errors, arguments.toArray(new String[0]));
        assertEquals(0, status, () -> errors.toString(StandardCharsets.UTF_8));
        pack(classes, manifest(), jar);
        return jar;
    }

    /** Packs a folder, or the root of another jar, with a manifest. */
    static void pack(Path root, Manifest manifest, Path jar) throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.walk(root)) {
            files = all.filter(Files::isRegularFile).toList();
        }
        try (OutputStream out = Files.newOutputStream(jar);
                JarOutputStream entries = new JarOutputStream(out, manifest)) {
            for (Path file : files) {
                String name = root.relativize(file).toString().replace('\\', '/');
                if (!name.equals("META-INF/MANIFEST.MF")) {
                    entries.putNextEntry(new JarEntry(name));
                    Files.copy(file, entries);
                }
            }
        }
    }

    /** What its pom has maven-jar-plugin put into the manifest. */
    private Manifest manifest() throws IOException {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        NodeList headers = pom().getElementsByTagName("manifestEntries").item(0).getChildNodes();
        for (int n = 0; n < headers.getLength(); n++) {
            if (headers.item(n).getNodeType() == Node.ELEMENT_NODE) {
                manifest.getMainAttributes()
                        .putValue(headers.item(n).getNodeName(), headers.item(n).getTextContent());
            }
        }
        return manifest;
    }

    private Document pom() throws IOException {
        try {
            return DocumentBuilderFactory.newInstance()
                    .newDocumentBuilder()
                    .parse(folder.resolve("pom.xml").toFile());
        } catch (javax.xml.parsers.ParserConfigurationException | org.xml.sax.SAXException e) {
            throw new IOException(folder + " has no readable pom", e);
        }
    }

    private static String child(Node node, String name) {
        NodeList children = node.getChildNodes();
        for (int n = 0; n < children.getLength(); n++) {
            if (children.item(n).getNodeName().equals(name)) {
                return children.item(n).getTextContent();
            }
        }
        throw new IllegalArgumentException(node.getNodeName() + " without " + name);
    }
}
