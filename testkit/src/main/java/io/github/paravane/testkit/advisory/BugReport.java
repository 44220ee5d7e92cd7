package io.github.paravane.testkit.advisory;

import io.github.paravane.api.profile.AbiProfile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;

/**
 * A {@link BugMatrix} as one HTML file that needs nothing else: a table bug by version, each cell a link to its evidence,
 * and for each bug its story with the page tables and the TLB of the faulty and the fixed side.
 */
public final class BugReport {

    private static final String STYLE = """
            body{font:15px/1.45 system-ui,sans-serif;margin:2rem auto;max-width:78rem;padding:0 1rem;color:#1b1f24}
            h1{font-size:1.6rem}h2{font-size:1.2rem;margin-top:2.5rem;border-top:1px solid #d0d7de;padding-top:1rem}
            h3{font-size:1rem;margin-bottom:.2rem}table{border-collapse:collapse}
            .wide{overflow-x:auto}.matrix td,.matrix th{border:1px solid #d0d7de;padding:1px 4px;font-size:12px}
            .matrix th.v{writing-mode:vertical-rl;font-weight:normal}.matrix a{text-decoration:none;color:inherit;display:block}
            .FAILURE{background:#ffd7d5}.SUCCESS{background:#dafbe1}.SKIP{background:#eaeef2}.ERROR{background:#fff8c5}
            pre{background:#f6f8fa;padding:.6rem;overflow-x:auto;font-size:12px}dt{font-weight:600}dd{margin:0 0 .5rem 1rem}
            .sides{display:grid;grid-template-columns:repeat(auto-fit,minmax(28rem,1fr));gap:1rem}
            td.t{white-space:nowrap}
            """;

    private final BugMatrix matrix;
    private final Appendable out;

    private BugReport(BugMatrix matrix, Appendable out) {
        this.matrix = matrix;
        this.out = out;
    }

    /** Writes the report; {@link UncheckedIOException} if {@code out} does. */
    public static void write(BugMatrix matrix, Appendable out) {
        try {
            new BugReport(matrix, out).page();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void page() throws IOException {
        out.append("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">")
                .append("<meta name=\"viewport\" content=\"width=device-width\">")
                .append("<title>Known bugs of the Xen PV ABI, replayed</title>\n<style>\n")
                .append(STYLE)
                .append("</style></head><body>\n<h1>Known bugs of the Xen PV ABI, replayed</h1>\n<p>")
                .append(String.valueOf(matrix.bugs().size()))
                .append(" bugs on ")
                .append(String.valueOf(matrix.versions().size()))
                .append(" versions. Every cell is a run: <span class=\"FAILURE\">F</span> the bug is there, ")
                .append("<span class=\"SUCCESS\">S</span> it is not, <span class=\"SKIP\">-</span> nothing to try, ")
                .append("<span class=\"ERROR\">?</span> the trial could not tell.</p>\n");
        table();
        for (KnownBug bug : matrix.bugs()) {
            story(bug);
        }
        out.append("</body></html>\n");
    }

    private void table() throws IOException {
        out.append("<div class=\"wide\"><table class=\"matrix\"><thead><tr><th>bug</th><th>what</th>");
        for (AbiProfile version : matrix.versions()) {
            out.append("<th class=\"v\">").append(text(version.name())).append("</th>");
        }
        out.append("</tr></thead><tbody>\n");
        for (KnownBug bug : matrix.bugs()) {
            out.append("<tr><td class=\"t\"><a href=\"#")
                    .append(bug.id())
                    .append("\">")
                    .append(text(bug.advisory().names().get(0)))
                    .append("</a></td><td>")
                    .append(text(bug.advisory().title()))
                    .append("</td>");
            for (Replay.Result result : matrix.results(bug)) {
                cell(result);
            }
            out.append("</tr>\n");
        }
        out.append("</tbody></table></div>\n");
    }

    private void cell(Replay.Result result) throws IOException {
        out.append("<td class=\"")
                .append(result.outcome().name())
                .append("\"><a href=\"#")
                .append(anchor(result))
                .append("\" title=\"")
                .append(text(result.toString()))
                .append("\">")
                .append(letter(result.outcome()))
                .append("</a></td>");
    }

    private static String letter(Outcome outcome) {
        return switch (outcome) {
            case FAILURE -> "F";
            case SUCCESS -> "S";
            case SKIP -> "-";
            case ERROR -> "?";
        };
    }

    private static String anchor(Replay.Result result) {
        return result.bug().id() + "-on-" + result.profile().name().replaceAll("[^a-z0-9.]+", "-");
    }

    private void story(KnownBug bug) throws IOException {
        Advisory advisory = bug.advisory();
        out.append("<h2 id=\"")
                .append(bug.id())
                .append("\">")
                .append(text(advisory.names().get(0) + ": " + advisory.title()))
                .append("</h2>\n<dl>");
        item("Layer", advisory.layer().toString());
        out.append("<dt>Names</dt><dd><a href=\"")
                .append(text(advisory.link()))
                .append("\">")
                .append(text(String.join(", ", advisory.names())))
                .append("</a></dd>");
        item("Mechanism", advisory.prose().mechanism());
        item("Construction", advisory.prose().construction());
        item("Told apart by", advisory.prose().telling());
        item("Affected", advisory.versions().affected());
        item("Repaired", advisory.versions().repaired());
        item("Known from", advisory.versions().provenance());
        out.append("</dl>\n<div class=\"sides\">\n");
        BugMatrix.Row row = matrix.row(bug);
        side("With the bug", row.faulty());
        side("Without it", row.fixed());
        out.append("</div>\n<details open><summary>On every version</summary><table>\n");
        for (Replay.Result result : row.byVersion()) {
            verdict(result);
        }
        out.append("</table></details>\n");
    }

    private void item(String name, String value) throws IOException {
        out.append("<dt>").append(name).append("</dt><dd>").append(text(value)).append("</dd>");
    }

    private void verdict(Replay.Result result) throws IOException {
        out.append("<tr id=\"")
                .append(anchor(result))
                .append("\"><td class=\"t\">")
                .append(text(result.profile().name()))
                .append("</td><td class=\"")
                .append(result.outcome().name())
                .append("\">")
                .append(result.outcome().name().toLowerCase(Locale.ROOT))
                .append("</td><td>")
                .append(text(result.finding().summary() + evidence(result)))
                .append("</td></tr>\n");
    }

    private static String evidence(Replay.Result result) {
        StringBuilder all = new StringBuilder();
        result.finding().evidence().forEach(one -> all.append("; ").append(one));
        return all.toString();
    }

    private void side(String title, BugMatrix.Shot shot) throws IOException {
        out.append("<div><h3>")
                .append(title)
                .append(": ")
                .append(text(shot.result().profile().name()))
                .append("</h3><p class=\"")
                .append(shot.result().outcome().name())
                .append("\">")
                .append(text(shot.result().finding().summary()))
                .append("</p>");
        List<String> seen = shot.result().finding().evidence().stream()
                .map(Evidence::toString)
                .toList();
        block("Evidence", seen);
        block("Page-table entries, before and after", shot.footage().stores());
        block("TLB before the last change of a page table", shot.footage().tlbBefore());
        block("TLB at the end", shot.footage().tlbAfter());
        block("Last events", shot.footage().events());
        out.append("</div>\n");
    }

    private void block(String title, List<String> lines) throws IOException {
        if (!lines.isEmpty()) {
            out.append("<details><summary>")
                    .append(title)
                    .append("</summary><pre>")
                    .append(text(String.join("\n", lines)))
                    .append("</pre></details>");
        }
    }

    private static String text(String raw) {
        return raw.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
