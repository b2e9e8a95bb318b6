package org.liftgrad.theorem;

import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
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
  /** By section and cell: where cells are missing, many parts of the plan are tried before one is judged. */
  private final Map<String, List<Row>> read = new HashMap<>();
  private int planned;
  private int finished;

  CommittedRows(Map<String, FinishedCells> parts) {
    this.parts = parts;
  }

  static Optional<CommittedRows> of(String check, Scale scale) {
    Map<String, FinishedCells> parts = new LinkedHashMap<>();
    for (int part = 1; part <= MOST_PARTS; part++) {
      String section = Trial.section(check, RunSettings.of(scale), part);
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
    List<T> rows = new ArrayList<>();
    for (C cell : cells) {
      planned++;
      List<Row> of = read.computeIfAbsent(section + "\n" + cell, key -> of(section, cell.toString()));
      if (of.size() >= replicates) {
        finished++;
        of.subList(0, replicates).forEach(row -> rows.add((T) row));
      }
    }
    if (finished < planned) {
      throw new Missing();
    }
    return rows;
  }

  private List<Row> of(String section, String cell) {
    FinishedCells known = parts.get(section);
    return known == null ? List.of() : known.rows(cell).stream().map(Row::of).toList();
  }

  CommittedResult judge(Check check, Scale scale) {
    String plan = parts.values().iterator().next().plan();
    Optional<CheckResult> whole = attempt(check, scale, Map.of());
    int all = planned;
    int there = finished;
    Optional<CheckResult> result =
        whole.isPresent() ? whole : Part.wider(widest(check, scale, Map.of()), widestOfOneValue(check, scale)).map(Part::result);
    return new CommittedResult(check, scale, there, all, plan, result);
  }

  /** A plan whose cells are all there. */
  private record Part(CheckResult result, int cells) {
    static Optional<Part> wider(Optional<Part> one, Optional<Part> other) {
      return one.isEmpty() || other.isPresent() && other.get().cells > one.get().cells ? other : one;
    }
  }

  /** With one parameter narrowed to those of its values whose cells are all there. */
  private Optional<Part> widest(Check check, Scale scale, Map<String, String> overrides) {
    Optional<Part> widest = Optional.empty();
    for (Parameter parameter : check.plan(scale).all()) {
      List<String> values = overrides.containsKey(parameter.name()) ? List.of() : values(parameter);
      List<String> complete =
          values.stream().filter(value -> isThere(check, scale, with(overrides, parameter.name(), value))).toList();
      if (!complete.isEmpty()) {
        Map<String, String> narrowed = with(overrides, parameter.name(), String.join(",", complete));
        Optional<CheckResult> result = attempt(check, scale, narrowed);
        int cells = finished;
        widest = Part.wider(widest, result.map(found -> new Part(found, cells)));
      }
    }
    return widest;
  }

  /** With a second one narrowed to one of its values before. */
  private Optional<Part> widestOfOneValue(Check check, Scale scale) {
    Optional<Part> widest = Optional.empty();
    for (Parameter parameter : check.plan(scale).all()) {
      for (String value : values(parameter)) {
        widest = Part.wider(widest, widest(check, scale, Map.of(parameter.name(), value)));
      }
    }
    return widest;
  }

  /** The values of a list of several. */
  private static List<String> values(Parameter parameter) {
    List<String> values = List.of(parameter.text().split(","));
    return values.size() > 1 ? values.stream().map(String::strip).toList() : List.of();
  }

  private static Map<String, String> with(Map<String, String> overrides, String name, String value) {
    Map<String, String> more = new LinkedHashMap<>(overrides);
    more.put(name, value);
    return more;
  }

  /** The cells of one value alone may be all there and still be too few for a figure, such as a slope. */
  private boolean isThere(Check check, Scale scale, Map<String, String> overrides) {
    try {
      check.finding(asked(scale, overrides), this);
    } catch (Missing | IllegalArgumentException | IllegalStateException someOrTooFew) {
      return finished == planned;
    }
    return finished == planned;
  }

  private Optional<CheckResult> attempt(Check check, Scale scale, Map<String, String> overrides) {
    try {
      return Optional.of(check.judge(asked(scale, overrides), this));
    } catch (Missing some) {
      return Optional.empty();
    } catch (IllegalArgumentException | IllegalStateException tooFew) {
      // A part of a plan may have one size where a slope wants two; of the whole plan it is a fault.
      if (overrides.isEmpty()) {
        throw tooFew;
      }
      return Optional.empty();
    }
  }

  /** The settings of another question, whose cells are counted from 0. */
  private RunSettings asked(Scale scale, Map<String, String> overrides) {
    planned = 0;
    finished = 0;
    RunSettings settings = RunSettings.of(scale);
    for (Map.Entry<String, String> override : overrides.entrySet()) {
      settings = settings.set(override.getKey(), override.getValue());
    }
    return settings;
  }
}
