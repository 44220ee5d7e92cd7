package io.github.paravane.samples.rules;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.module.ModuleDescriptor;
import java.net.URI;
import java.net.URL;
import java.nio.file.FileSystem;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.jar.Manifest;
import java.util.stream.Stream;

/** One published module as the tests find it on their class path, a folder of classes or a jar. */
public record PublishedModule(String name, ModuleDescriptor descriptor, Path root) {
    private static final String PREFIX = "io.github.paravane.";
    private static final Set<String> PUBLISHED = Set.of("api", "mmu", "cpu", "hypervisor", "testkit");

    /** All five of them; a missing one is an error, so that no rule passes by seeing nothing. */
    public static List<PublishedModule> all() throws IOException {
        List<PublishedModule> modules = new ArrayList<>();
        ClassLoader loader = PublishedModule.class.getClassLoader();
        for (URL url : Collections.list(loader.getResources("module-info.class"))) {
            ModuleDescriptor descriptor;
            try (InputStream in = url.openStream()) {
                descriptor = ModuleDescriptor.read(in);
            }
            if (descriptor.name().startsWith(PREFIX)
                    && PUBLISHED.contains(descriptor.name().substring(PREFIX.length()))) {
                String name = descriptor.name().substring(PREFIX.length());
                modules.add(new PublishedModule(name, descriptor, rootOf(url)));
            }
        }
        if (modules.size() != PUBLISHED.size()) {
            throw new IllegalStateException("found only " + modules + " of " + PUBLISHED);
        }
        return modules;
    }

    private static Path rootOf(URL moduleInfo) throws IOException {
        URI uri = URI.create(moduleInfo.toString());
        if (!uri.getScheme().equals("jar")) {
            return Path.of(uri).getParent();
        }
        return fileSystem(uri).getPath("/");
    }

    private static FileSystem fileSystem(URI uri) throws IOException {
        try {
            return FileSystems.getFileSystem(uri);
        } catch (FileSystemNotFoundException notYetOpen) {
            return FileSystems.newFileSystem(uri, Map.of());
        }
    }

    String packagePrefix() {
        return PREFIX + name;
    }

    /** The class files of this module without module-info and package-info. */
    List<Path> classFiles() {
        Predicate<Path> isClass = path -> path.toString().endsWith(".class")
                && !path.getFileName().toString().equals("module-info.class")
                && !path.getFileName().toString().equals("package-info.class");
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(isClass).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The packages exported to everybody. */
    Set<String> exports() {
        Set<String> packages = new TreeSet<>();
        descriptor.exports().stream()
                .filter(export -> !export.isQualified())
                .forEach(export -> packages.add(export.source()));
        return packages;
    }

    public Manifest manifest() throws IOException {
        try (InputStream in = Files.newInputStream(root.resolve("META-INF/MANIFEST.MF"))) {
            return new Manifest(in);
        }
    }
}
