package io.github.paravane.samples.cli;

import io.github.paravane.api.observe.MachineEvent;
import io.github.paravane.api.observe.MachineObserver;
import io.github.paravane.api.observe.Observers;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Writes events as lines: the event's name, then each of its parts as name=value, numbers in hexadecimal. */
final class EventTrace implements Closeable {

    private final Writer out;

    private EventTrace(Writer out) {
        this.out = out;
    }

    /** Creates the file; null for a trace that goes nowhere. */
    static EventTrace open(@Nullable Path file) throws IOException {
        return new EventTrace(
                file == null ? Writer.nullWriter() : Files.newBufferedWriter(file, StandardCharsets.UTF_8));
    }

    MachineObserver observer() {
        return Observers.forEach(this::write);
    }

    @Override
    public void close() throws IOException {
        out.close();
    }

    private void write(MachineEvent event) {
        try {
            out.write(line(event));
            out.write('\n');
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String line(MachineEvent event) {
        StringBuilder line = new StringBuilder(event.getClass().getSimpleName());
        for (RecordComponent each : event.getClass().getRecordComponents()) {
            try {
                line.append(' ')
                        .append(each.getName())
                        .append('=')
                        .append(text(each.getAccessor().invoke(event)));
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException("record without accessor: " + each, e);
            }
        }
        return line.toString();
    }

    private static String text(@Nullable Object value) {
        if (value instanceof Long number) {
            return Long.toHexString(number);
        }
        if (value instanceof Integer number) {
            return Integer.toHexString(number);
        }
        if (value instanceof List<?> list) {
            return list.stream().map(EventTrace::text).collect(Collectors.joining(",", "(", ")"));
        }
        if (value instanceof Enum<?> constant) {
            return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
        return value instanceof String text && text.isEmpty()
                ? "-"
                : String.valueOf(value).replace('\n', ' ');
    }
}
