package org.liftgrad.theorem;

import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.liftgrad.sweep.FinishedCells;

/** The rows of one check and scale that this library carries: a file a part of its runs, beside this class. */
final class CommittedRows {

  private static final String FOLDER = "committed/";
  private static final int MOST_PARTS = 20;

  /** Thrown through an experiment that asks for a cell which is not there. */
  private static final class Missing extends RuntimeException {
    private static final long serialVersionUID = 1;

    Missing() {
      super("a cell is missing", null, false, false);
    }
  }

  private final Map<String, FinishedCells> parts;
  private int planned;
  private int finished;

  CommittedRows(Map<String, FinishedCells> parts) {
    this.parts = parts;
  }

  static Optional<CommittedRows> of(String check, Scale scale) {
    Map<String, FinishedCells> parts = new LinkedHashMap<>();
    for (int part = 1; part <= MOST_PARTS; part++) {
      String section = check + ", " + scale + (part == 1 ? "" : ", part " + part);
      String file = FinishedCells.fileName(section);
      InputStream in = CommittedRows.class.getResourceAsStream(FOLDER + file);
      if (in == null) {
        break;
      }
      FinishedCells cells = FinishedCells.read(in, "the file " + file);
      parts.put(cells.name(), cells);
    }
    return parts.isEmpty() ? Optional.empty() : Optional.of(new CommittedRows(parts));
  }

  /**
   * All rows of these cells.
   *
   * @throws Missing where some are not there
   */
  @SuppressWarnings("unchecked") // as in Trial: what is under a section was put there by this check's own runs
  <C, T> List<T> rows(String section, List<C> cells, int replicates) {
    FinishedCells known = parts.get(section);
    List<T> rows = new ArrayList<>();
    for (C cell : cells) {
      planned++;
      if (known != null && known.find(cell.toString(), replicates - 1).isPresent()) {
        finished++;
        for (int replicate = 0; replicate < replicates; replicate++) {
          rows.add((T) Row.of(known.find(cell.toString(), replicate).orElseThrow()));
        }
      }
    }
    if (finished < planned) {
      throw new Missing();
    }
    return rows;
  }

  CommittedResult judge(Check check, Scale scale) {
    String plan = parts.values().iterator().next().plan();
    Parameters whole = check.plan(scale);
    Optional<CheckResult> result = attempt(check, scale, Map.of());
    int all = planned;
    int there = finished;
    int most = 0;
    for (Parameter parameter : result.isPresent() ? List.<Parameter>of() : whole.all()) {
      List<String> values = List.of(parameter.text().split(","));
      List<String> complete =
          values.stream().filter(value -> values.size() > 1 && attemptable(check, scale, Map.of(parameter.name(), value.strip()))).toList();
      if (complete.isEmpty()) {
        continue;
      }
      Optional<CheckResult> part = attempt(check, scale, Map.of(parameter.name(), String.join(",", complete)));
      if (part.isPresent() && finished > most) {
        most = finished;
        result = part;
      }
    }
    return new CommittedResult(check, scale, there, all, plan, result);
  }

  /** The cells of one value alone may be all there and still be too few for a figure, such as a slope. */
  private boolean attemptable(Check check, Scale scale, Map<String, String> overrides) {
    try {
      attempt(check, scale, overrides);
    } catch (IllegalArgumentException | IllegalStateException tooFew) {
      return finished == planned;
    }
    return finished == planned;
  }

  private Optional<CheckResult> attempt(Check check, Scale scale, Map<String, String> overrides) {
    planned = 0;
    finished = 0;
    RunSettings settings = RunSettings.of(scale);
    for (Map.Entry<String, String> override : overrides.entrySet()) {
      settings = settings.set(override.getKey(), override.getValue());
    }
    try {
      return Optional.of(check.judge(settings, this));
    } catch (Missing some) {
      return Optional.empty();
    }
  }
}
