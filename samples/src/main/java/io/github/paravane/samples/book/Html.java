package io.github.paravane.samples.book;

import java.io.IOException;
import java.util.List;
import java.util.Map;

/** The few elements that the book is made of, in a page that needs nothing else. */
final class Html {

    private static final String STYLE = """
            body{font:15px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:74rem;padding:0 1rem;color:#1b1f24}
            h1{font-size:1.8rem}h2{font-size:1.45rem;margin-top:2.6rem;border-top:1px solid #d0d7de;padding-top:.8rem}
            h3{font-size:1.1rem;margin-top:1.8rem}a{color:#0550ae;text-decoration:none}nav li{margin:.15rem 0}
            table{border-collapse:collapse;width:100%;margin:.5rem 0}td,th{border:1px solid #d0d7de;padding:3px 7px;
            font-size:13px;vertical-align:top;text-align:left}td:first-child{font-family:ui-monospace,monospace}
            td:last-child{color:#57606a;font-size:12px}pre{background:#f6f8fa;padding:.8rem;overflow-x:auto}
            """;

    private final Appendable out;

    Html(Appendable out) {
        this.out = out;
    }

    void begin(String title) throws IOException {
        out.append("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>")
                .append(text(title))
                .append("</title>\n<style>\n")
                .append(STYLE)
                .append("</style></head><body>\n");
    }

    void end() throws IOException {
        out.append("</body></html>\n");
    }

    void heading(int level, String title) throws IOException {
        String tag = "h" + level;
        out.append('<')
                .append(tag)
                .append(" id=\"")
                .append(anchor(title))
                .append("\">")
                .append(text(title))
                .append("</")
                .append(tag)
                .append(">\n");
    }

    /** The parts of the page and their sections, with links to them. */
    void contents(Map<String, List<String>> parts) throws IOException {
        out.append("<nav><ol>\n");
        for (Map.Entry<String, List<String>> part : parts.entrySet()) {
            out.append("<li>").append(link(part.getKey()));
            String separator = ": ";
            for (String section : part.getValue()) {
                out.append(separator).append(link(section));
                separator = " &middot; ";
            }
            out.append("</li>\n");
        }
        out.append("</ol></nav>\n");
    }

    private static String link(String title) {
        return "<a href=\"#" + anchor(title) + "\">" + text(title) + "</a>";
    }

    private static String anchor(String title) {
        return title.toLowerCase(java.util.Locale.ROOT).replaceAll("[^a-z0-9.]+", "-");
    }

    void paragraph(String prose) throws IOException {
        out.append("<p>").append(text(prose)).append("</p>\n");
    }

    void block(String preformatted) throws IOException {
        out.append("<pre>").append(text(preformatted)).append("</pre>\n");
    }

    void table(List<String> columns, List<List<String>> rows) throws IOException {
        out.append("<table><tr>");
        for (String column : columns) {
            out.append("<th>").append(text(column)).append("</th>");
        }
        out.append("</tr>\n");
        for (List<String> row : rows) {
            out.append("<tr>");
            for (String cell : row) {
                out.append("<td>").append(text(cell)).append("</td>");
            }
            out.append("</tr>\n");
        }
        out.append("</table>\n");
    }

    void details(String summary, List<String> columns, List<List<String>> rows) throws IOException {
        out.append("<details><summary>").append(text(summary)).append("</summary>\n");
        table(columns, rows);
        out.append("</details>\n");
    }

    static String text(String raw) {
        return raw.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
