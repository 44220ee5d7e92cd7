package io.github.paravane.testkit.advisory;

import io.github.paravane.api.profile.AbiProfile;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Every bug played on every version, and on its own two profiles: what a report is drawn from. */
public final class BugMatrix {

    private final List<AbiProfile> versions;
    private final Map<KnownBug, Row> rows;

    private BugMatrix(List<AbiProfile> versions, Map<KnownBug, Row> rows) {
        this.versions = versions;
        this.rows = rows;
    }

    /**
     * The replays of one bug.
     *
     * @param faulty on the profile that has it
     * @param fixed on the profile that has it not
     * @param byVersion on each version, in the order of the matrix
     */
    record Row(Shot faulty, Shot fixed, List<Replay.Result> byVersion) {}

    /**
     * A replay with its footage.
     *
     * @param result what came of it
     * @param footage what was seen
     */
    record Shot(Replay.Result result, Footage footage) {

        static Shot of(Replay replay) {
            Footage footage = new Footage();
            return new Shot(footage.watch(replay).play(), footage);
        }
    }

    /** Plays bugs on versions; {@code progress} is told each result of a version. */
    public static BugMatrix play(List<KnownBug> bugs, List<AbiProfile> versions, Consumer<Replay.Result> progress) {
        Map<KnownBug, Row> rows = new LinkedHashMap<>();
        for (KnownBug bug : bugs) {
            List<Replay.Result> results = new ArrayList<>();
            for (AbiProfile version : versions) {
                Replay.Result result = Replay.of(bug).on(version).play();
                progress.accept(result);
                results.add(result);
            }
            rows.put(
                    bug, new Row(Shot.of(Replay.of(bug)), Shot.of(Replay.of(bug).onFixed()), List.copyOf(results)));
        }
        return new BugMatrix(List.copyOf(versions), rows);
    }

    /** The versions, as given. */
    public List<AbiProfile> versions() {
        return versions;
    }

    /** The bugs, as given. */
    public List<KnownBug> bugs() {
        return List.copyOf(rows.keySet());
    }

    /** What came of a bug on the versions, in their order. */
    public List<Replay.Result> results(KnownBug bug) {
        return row(bug).byVersion();
    }

    Row row(KnownBug bug) {
        Row row = rows.get(bug);
        if (row == null) {
            throw new IllegalArgumentException("the matrix has no row for " + bug);
        }
        return row;
    }
}
