package org.liftgrad.sweep;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CancellationException;
import java.util.stream.Collectors;
import org.liftgrad.kernel.Argument;
import org.liftgrad.statistics.Numbers;

/**
 * Which runs a sweep consists of: an experiment, the values of its parameters, how often each cell is run, the seed,
 * and which figures are recorded. Immutable; every method returns another plan.
 *
 * <pre>{@code
 * Plan plan = Plan.of("shallow-flow")
 *     .over("points", 20).over("dimension", 400).over("neurons", 2, 4, 8, 16, 32)
 *     .replicates(40).seed(7).record("converged", "time");
 * plan.cells()      // 5
 * plan.runs()       // 200
 * }</pre>
 *
 * <p>The values of a parameter are a set: they are kept sorted, so that the order in which they are said changes
 * nothing. A cell is one value of each parameter; the runs are numbered cell by cell, the last parameter fastest.
 *
 * <p>As a file it is JSON: see the package guide.
 */
public final class Plan {

  /** The most runs that a plan may have. */
  public static final long MOST_RUNS = 100_000_000;

  private final Experiment experiment;
  /** What was said, by parameter. */
  private final Map<String, List<Object>> said;
  /** The same and what holds otherwise, in the order of the parameters; empty where a value has to be said. */
  private final List<List<Object>> values;
  private final int replicates;
  private final long seed;
  private final List<Column> recorded;

  private Plan(Experiment experiment, Map<String, List<Object>> said, int replicates, long seed, List<Column> recorded) {
    this.experiment = experiment;
    this.said = Collections.unmodifiableMap(said);
    this.replicates = replicates;
    this.seed = seed;
    this.recorded = List.copyOf(recorded);
    values =
        experiment.parameters().stream()
            .map(parameter -> said.getOrDefault(parameter.name(), parameter.otherwise().map(List::of).orElse(List.of())))
            .toList();
  }

  /**
   * A plan for a registered experiment: one replicate, seed 1, all figures.
   *
   * @throws IllegalArgumentException for an unknown name, with those that are known
   */
  public static Plan of(String experiment) {
    return of(Experiments.named(experiment));
  }

  /** A plan for an experiment: one replicate, seed 1, all figures. */
  public static Plan of(Experiment experiment) {
    return new Plan(experiment, Map.of(), 1, 1, experiment.figures());
  }

  /**
   * Reads a plan file.
   *
   * @throws IllegalArgumentException for what is not a plan, in a sentence that names the file
   */
  public static Plan read(Path file) {
    return PlanText.read(file);
  }

  /** Writes it as a file, which {@link #read} reads again. */
  public void save(Path file) {
    PlanText.save(this, file);
  }

  /**
   * The values of a parameter; with more than one it is an axis. Said again, they are replaced.
   *
   * @param parameter a parameter of the experiment
   * @param some at least one value: numbers, texts, truth values; an array of numbers or a collection counts as many
   * @throws IllegalArgumentException for an unknown parameter, no value, or one that is not allowed
   */
  public Plan over(String parameter, Object... some) {
    Parameter known = experiment.parameter(parameter);
    List<Object> accepted = new ArrayList<>();
    for (Object value : flat(some)) {
      accepted.add(known.accept(value));
    }
    Argument.require(!accepted.isEmpty(), "the number of values of axis “" + parameter + "”", 0, "at least 1");
    Collection<Object> sorted = new TreeSet<>(known.type()::compare);
    sorted.addAll(accepted);
    Map<String, List<Object>> more = new LinkedHashMap<>(said);
    more.put(parameter, List.copyOf(sorted));
    return new Plan(experiment, more, replicates, seed, recorded).countable();
  }

  private static List<Object> flat(Object[] some) {
    List<Object> all = new ArrayList<>();
    for (Object value : some) {
      if (value instanceof Collection<?> collection) {
        all.addAll(collection);
      } else if (value instanceof double[] numbers) {
        Arrays.stream(numbers).forEach(all::add);
      } else if (value instanceof int[] numbers) {
        Arrays.stream(numbers).forEach(all::add);
      } else if (value instanceof long[] numbers) {
        Arrays.stream(numbers).forEach(all::add);
      } else {
        all.add(value);
      }
    }
    return all;
  }

  /** How often each cell is run, each time with random numbers of its own. */
  public Plan replicates(int number) {
    return new Plan(experiment, said, Argument.positive("replicates", number), seed, recorded).countable();
  }

  /** The seed, part of the address of all random numbers. */
  public Plan seed(long number) {
    return new Plan(experiment, said, replicates, number, recorded);
  }

  /**
   * Which figures the ledger keeps.
   *
   * @param figures at least one of the experiment's; kept in the experiment's order
   */
  public Plan record(String... figures) {
    Argument.require(figures.length > 0, "the number of recorded figures", 0, "at least 1");
    List<Column> asked = Arrays.stream(figures).map(experiment::figure).toList();
    return new Plan(experiment, said, replicates, seed, experiment.figures().stream().filter(asked::contains).toList());
  }

  private Plan countable() {
    // As it grows, so that the product cannot overflow: at most 10⁸ times the length of a list.
    long runs = replicates;
    for (List<Object> some : said.values()) {
      int size = some.size();
      Argument.require(
          runs <= MOST_RUNS / size, "the number of runs of the plan", Numbers.rounded(allRuns(), 6),
          "at most " + Numbers.rounded(MOST_RUNS, 6));
      runs *= size;
    }
    return this;
  }

  private double allRuns() {
    double product = replicates;
    for (List<Object> some : said.values()) {
      product *= some.size();
    }
    return product;
  }

  /** The experiment. */
  public Experiment experiment() {
    return experiment;
  }

  /** How often each cell is run. */
  public int replicates() {
    return replicates;
  }

  /** The seed. */
  public long seed() {
    return seed;
  }

  /** The figures that the ledger keeps, in the experiment's order. */
  public List<Column> recorded() {
    return recorded;
  }

  /**
   * The values of a parameter, sorted; its default where the plan says none.
   *
   * @throws IllegalArgumentException for an unknown parameter, or one without default that the plan does not say
   */
  public List<Object> values(String parameter) {
    List<Object> some = values.get(experiment.parameters().indexOf(experiment.parameter(parameter)));
    Argument.require(
        !some.isEmpty(), "axis “" + parameter + "”", "not said", "said, as " + experiment.name() + " has no value for it otherwise");
    return some;
  }

  /** The parameters that have several values. */
  public List<String> axes() {
    return experiment.parameters().stream().map(Parameter::name).filter(name -> values(name).size() > 1).toList();
  }

  /** How many combinations of values there are. */
  public long cells() {
    return experiment.parameters().stream().mapToLong(parameter -> values(parameter.name()).size()).reduce(1, (a, b) -> a * b);
  }

  /** How many runs there are: cells times replicates. */
  public long runs() {
    return cells() * replicates;
  }

  /** The plan as one line of JSON: equal plans have equal texts. */
  public String text() {
    return PlanText.of(this, experiment.name());
  }

  /** The SHA-256 of its {@link #text}, in hexadecimal digits. */
  public String hash() {
    return PlanText.sha256(text());
  }

  /** The values of a run's cell, in the order of the experiment's parameters. */
  List<Object> cell(long run) {
    long rest = run / replicates;
    Object[] cell = new Object[values.size()];
    for (int k = cell.length - 1; k >= 0; k--) {
      List<Object> some = values.get(k);
      cell[k] = some.get((int) (rest % some.size()));
      rest /= some.size();
    }
    return List.of(cell);
  }

  /** As in {@code points = 20, neurons = 8, }: the values of the axes. */
  String cellText(List<Object> cell) {
    StringBuilder text = new StringBuilder();
    for (int k = 0; k < cell.size(); k++) {
      if (values.get(k).size() > 1) {
        text.append(experiment.parameters().get(k).name()).append(" = ").append(cell.get(k)).append(", ");
      }
    }
    return text.toString();
  }

  /**
   * Computes one run, here and now.
   *
   * @param run its number, from 0 to runs − 1
   * @throws CancellationException where the run was interrupted: then nothing can be said of it
   */
  Outcome compute(long run) {
    long began = System.nanoTime();
    try {
      Row row = experiment.body().of(new Run(this, cell(run), (int) (run % replicates)));
      List<Object> kept = new ArrayList<>(recorded.size());
      for (Column figure : recorded) {
        kept.add(row.value(figure));
      }
      return new Outcome(run, kept, Optional.empty(), seconds(began));
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new CancellationException("The run was interrupted.");
    } catch (CancellationException interrupted) {
      throw interrupted;
    } catch (Exception | StackOverflowError | OutOfMemoryError | AssertionError | LinkageError failure) {
      return Outcome.failed(run, failure, seconds(began));
    }
  }

  private static double seconds(long began) {
    return (System.nanoTime() - began) * 1e-9;
  }

  /**
   * Refuses to go on with a ledger that was begun with another plan, unless this one only adds to it: replicates, or
   * values of parameters.
   *
   * @param ledger how the refusal calls the ledger
   */
  void requireExtends(Plan earlier, String ledger) {
    same("experiment", experiment.name(), earlier.experiment.name(), ledger);
    same("the version of the experiment " + experiment.name(), experiment.version(), earlier.experiment.version(), ledger);
    same(
        "the parameters of the plan", names(experiment), names(earlier.experiment), ledger);
    same("seed", seed, earlier.seed, ledger);
    same("record", names(recorded), names(earlier.recorded), ledger);
    same("the types of the figures", recorded, earlier.recorded, ledger);
    for (Parameter parameter : experiment.parameters()) {
      Set<Object> here = new LinkedHashSet<>(values(parameter.name()));
      for (Object value : earlier.values(parameter.name())) {
        Argument.require(
            here.contains(value), "axis “" + parameter.name() + "”", "without " + shown(value),
            "one with all the values of " + ledger);
      }
    }
    Argument.require(
        replicates >= earlier.replicates, "replicates", replicates,
        "at least " + earlier.replicates + ", as in " + ledger);
  }

  private static String names(Experiment experiment) {
    return experiment.parameters().stream().map(each -> each.name() + " (" + each.type() + ")").collect(Collectors.joining(", "));
  }

  private static void same(String what, Object here, Object there, String ledger) {
    Argument.require(here.equals(there), what, here, there + ", as in " + ledger);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Plan plan && experiment.equals(plan.experiment) && text().equals(plan.text());
  }

  @Override
  public int hashCode() {
    return text().hashCode();
  }

  /** Experiment, axes, fixed values and how many runs that makes. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(experiment.name() + ", " + Numbers.counted(runs(), "run") + ": " + Numbers.counted(cells(), "cell")
        + " × " + Numbers.counted(replicates, "replicate") + ", seed " + seed);
    for (Parameter parameter : experiment.parameters()) {
      List<Object> some = values(parameter.name());
      text.append("\n  ").append(parameter.name()).append(" = ")
          .append(some.stream().limit(SHOWN).map(Plan::shown).collect(Collectors.joining(", ")))
          .append(some.size() > SHOWN ? ", … " + some.size() + " values" : "");
    }
    return text.append("\n  records ").append(names(recorded)).toString();
  }

  private static String names(List<Column> columns) {
    return columns.stream().map(Column::name).collect(Collectors.joining(", "));
  }

  private static final int SHOWN = 12;

  static String shown(Object value) {
    return value instanceof Double number ? Numbers.exact(number) : value.toString();
  }
}
