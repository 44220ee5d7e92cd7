package io.github.paravane.testkit.advisory;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * The story of a bug.
 *
 * @param id name on the command line, lower case: {@code xsa-193}, {@code b28b3c245a}
 * @param title what goes wrong, in a few words
 * @param layer the part of the ABI
 * @param names its names elsewhere: XSA, CVE, commits; the first is the one people use
 * @param prose mechanism, construction and how to tell
 * @param versions who has it
 */
public record Advisory(String id, String title, Layer layer, List<String> names, Prose prose, Versions versions) {

    public Advisory {
        names = List.copyOf(names);
    }

    /**
     * The story in words.
     *
     * @param mechanism how it comes about
     * @param construction what the guest does
     * @param telling how the two outcomes are told apart
     */
    public record Prose(String mechanism, String construction, String telling) {}

    /**
     * Who has it.
     *
     * @param affected versions that have it
     * @param repaired versions that do not
     * @param provenance where this is known from
     */
    public record Versions(String affected, String repaired, String provenance) {}

    /** Starts an advisory; {@code id} is lower case letters, digits and hyphens. */
    public static Builder of(String id, Layer layer, String title) {
        if (!id.matches("[a-z0-9]+(-[a-z0-9]+)*")) {
            throw new IllegalArgumentException("an id is lower case letters, digits and single hyphens: " + id);
        }
        return new Builder(id, layer, title);
    }

    /** Where to read more: the advisory of the Xen project, or the commit that repaired it. */
    public String link() {
        for (String name : names) {
            if (name.startsWith("XSA-")) {
                return "https://xenbits.xen.org/xsa/advisory-" + name.substring(4) + ".html";
            }
        }
        for (String name : names) {
            if (name.matches("[0-9a-f]{10,40}")) {
                return "https://xenbits.xen.org/gitweb/?p=xen.git;a=commit;h=" + name;
            }
        }
        return names.stream()
                .filter(name -> name.startsWith("CVE-"))
                .findFirst()
                .map(cve -> "https://www.cve.org/CVERecord?id=" + cve)
                .orElse("");
    }

    /** Collects an advisory; every part is required. */
    public static final class Builder {

        private final String id;
        private final Layer layer;
        private final String title;
        private final List<String> names = new ArrayList<>();
        private String mechanism = "";
        private String construction = "";
        private String telling = "";
        private String affected = "";
        private String repaired = "";
        private String provenance = "";

        private Builder(String id, Layer layer, String title) {
            this.id = id.toLowerCase(Locale.ROOT);
            this.layer = Objects.requireNonNull(layer, "layer");
            this.title = Objects.requireNonNull(title, "title");
        }

        /** XSA, CVE, abbreviated commits, the name in a test framework. */
        public Builder names(String... all) {
            names.addAll(List.of(all));
            return this;
        }

        /** How it comes about. */
        public Builder mechanism(String prose) {
            mechanism = prose;
            return this;
        }

        /** What the guest does. */
        public Builder construction(String prose) {
            construction = prose;
            return this;
        }

        /** How the two outcomes are told apart. */
        public Builder telling(String prose) {
            telling = prose;
            return this;
        }

        /** Versions that have it: {@code 4.4 to 4.7}. */
        public Builder affected(String versions) {
            affected = versions;
            return this;
        }

        /** Versions that do not have it: {@code 4.8, f3fa3abf3e}. */
        public Builder repaired(String versions) {
            repaired = versions;
            return this;
        }

        /** Where this is known from. */
        public Builder provenance(String source) {
            provenance = source;
            return this;
        }

        /** The advisory; {@link IllegalStateException} names a part that is missing. */
        public Advisory build() {
            require("names", !names.isEmpty());
            require("mechanism", !mechanism.isBlank());
            require("construction", !construction.isBlank());
            require("telling", !telling.isBlank());
            require("affected", !affected.isBlank());
            require("repaired", !repaired.isBlank());
            require("provenance", !provenance.isBlank());
            return new Advisory(
                    id,
                    title,
                    layer,
                    names,
                    new Prose(mechanism.strip(), construction.strip(), telling.strip()),
                    new Versions(affected, repaired, provenance));
        }

        private void require(String part, boolean present) {
            if (!present) {
                throw new IllegalStateException("advisory " + id + " lacks its " + part);
            }
        }
    }
}
