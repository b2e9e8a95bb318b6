package org.liftgrad.bench;

import static org.liftgrad.bench.Setting.time;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.liftgrad.flow.GradientFlow;
import org.liftgrad.flow.GrazingMargin;
import org.liftgrad.flow.Method;
import org.liftgrad.flow.Solution;
import org.liftgrad.flow.StopCondition;
import org.liftgrad.flow.Trajectory;
import org.liftgrad.shallow.ShallowNetwork;
import org.liftgrad.statistics.Numbers;
import org.liftgrad.statistics.Summary;

/**
 * S1: n = 100 Gaussian inputs in d = 10⁴, p = 31, Assumption 1, until L &lt; 1e-10; the time to a state error of
 * 1e-4 and of 1e-6, ours against PyTorch's autograd. Its work-precision picture beside.
 */
final class FlowAgainstDescent implements Job {

  /**
   * Of seeds 1 to 40 the one whose flow passed furthest from a discontinuity when only turns within a step
   * counted. By the margin of today, which also sees turns that events hide, it is the fourth: 3.7e-7 neuron by neuron, that
   * of a typical seed being 3e-8. Chosen by that alone.
   */
  private static final long SEED = 35;

  private static final double LOSS = 1e-10;
  private static final int TIMES = 200;
  private static final double DECADES = 4;

  /** Bars: the error, and how many times faster than autograd we must reach it. */
  private static final Map<Double, Double> BARS = new LinkedHashMap<>();

  static {
    BARS.put(1e-4, 1_000.0);
    BARS.put(1e-6, 50_000.0);
  }

  /** What one method did at one setting. */
  record Point(String method, String setting, double seconds, double error, String remark) {

    /** There are eight colours: what lies on another's line is in the table only. */
    boolean drawn() {
      return !method.contains("products:") && !method.equals(OWN_DESCENT);
    }
  }

  private static final String OWN_DESCENT = "our own descent, Gram form";

  private static final List<String> LIBRARIES = List.of("torch", "jax");
  private static final Map<String, String> NAMES = Map.of("torch", "PyTorch", "jax", "JAX");

  private final List<Point> points = new ArrayList<>();
  private Setting setting;
  private ShallowNetwork start;
  private Trajectory reference;
  private double end;

  @Override
  public String id() {
    return "S1";
  }

  /** What is drawn. */
  List<Point> points() {
    return points;
  }

  @Override
  public List<Bar> run(Setting asked) {
    setting = asked;
    points.clear();
    Instance instance = Instance.gaussian(100, 10_000, 31, SEED);
    start = instance.network();
    Path problem = instance.export(setting.folder());
    for (Peer peer : setting.peers()) {
      peer.load(problem);
    }
    String margin = refer(instance);
    ours(instance);
    Descent descent = descents();
    adaptive();
    List<Bar> bars = new ArrayList<>();
    for (Map.Entry<Double, Double> bar : BARS.entrySet()) {
      bars.addAll(bars(bar.getKey(), bar.getValue(), descent, margin));
    }
    write();
    return bars;
  }

  // ---- the reference

  private String refer(Instance instance) {
    OwnMethod method = OwnMethod.forPairs(instance.pairs()).get(0);
    Solution fine = method.solve(method.flow(start, method.reference()).until(StopCondition.lossBelow(LOSS)));
    end = fine.time();
    reference = trajectory(method, method.reference());
    GrazingMargin margin = fine.statistics().grazing();
    String text =
        "to t = " + Numbers.rounded(end, 4) + ", " + fine.statistics().events() + " events, smallest grazing margin "
            + Numbers.rounded(Math.min(margin.smallestTurn(), margin.smallestClearance()), 2);
    setting.say("instance " + instance.name() + " " + text);
    return text;
  }

  private Trajectory trajectory(OwnMethod method, double tolerance) {
    return method.trajectory(method.flow(start, tolerance).until(StopCondition.timeReached(end)), times());
  }

  private double[] times() {
    return Trajectory.times(end, DECADES, TIMES);
  }

  // ---- ours

  private void ours(Instance instance) {
    for (OwnMethod method : OwnMethod.forPairs(instance.pairs())) {
      for (double tolerance : method.tolerances()) {
        double error = trajectory(method, tolerance).worstError(reference);
        double seconds = Rounds.alone(() -> Rounds.seconds(() -> solve(method, tolerance)));
        add(method.name(), "tolerance " + tolerance, seconds, error, "");
      }
    }
  }

  private void solve(OwnMethod method, double tolerance) {
    method.solve(method.flow(start, tolerance).until(StopCondition.lossBelow(LOSS)));
  }

  private void add(String method, String how, double seconds, double error, String remark) {
    points.add(new Point(method, how, seconds, error, remark));
    setting.say(method + ", " + how + ": " + time(seconds) + ", error " + Numbers.rounded(error, 2)
        + (remark.isEmpty() ? "" : " (" + remark + ")"));
  }

  // ---- gradient descent

  /**
   * The error of descent as far as it was measured.
   *
   * @param before the step before the finest
   * @param step the finest step run
   * @param error its error
   * @param order the order over the last two steps
   */
  record Descent(double before, double step, double error, double order) {
    /** In the range where the error is proportional to the step? */
    boolean firstOrder() {
      return order > 0.8 && order < 1.2;
    }

    /** The step that would reach an error. */
    double stepFor(double wanted) {
      return step * wanted / error;
    }
  }

  /** Runs of more steps than this are not run once more for their time: it is extrapolated from so many. */
  private static final int MOST_TIMED = 20_000;

  /** Steps from coarse to fine; the last two are to lie in the first-order range. */
  private Descent descents() {
    double[] steps =
        setting.quick()
            ? new double[] {1, 0.1, 0.01, 0.002, 0.001, 0.0005}
            : new double[] {1, 0.1, 0.01, 0.002, 0.001, 0.0005, 0.00025};
    Map<String, Double> autograd = new LinkedHashMap<>();
    for (String library : LIBRARIES) {
      setting.peer(library).ifPresent(
          peer -> autograd.put(NAMES.get(library), Rounds.alone(() -> autogradSeconds(peer, 30))));
    }
    double[] errors = new double[steps.length];
    for (int k = 0; k < steps.length; k++) {
      double step = steps[k];
      long count = (long) Math.ceil(end / step);
      double error = descentError(step, count);
      errors[k] = error;
      long timed = Math.min(count, MOST_TIMED);
      String remark = timed < count ? "time of " + timed + " steps, extrapolated in their number" : "";
      for (String library : LIBRARIES) {
        if (setting.peer(library).isPresent()) {
          Peer peer = setting.peer(library).get();
          double each = Rounds.alone(() -> peer.secondsEach("descent", Map.of("step", step, "steps", timed)));
          add(NAMES.get(library) + " descent, Gram form", "step " + step, each * count, error, remark);
        }
      }
      GradientFlow own = GradientFlow.gradientFlow(start).method(Method.descent(step)).until(StopCondition.timeReached(timed * step));
      double seconds = Rounds.alone(() -> Rounds.seconds(own::solve));
      add(OWN_DESCENT, "step " + step, seconds * count / timed, error, remark);
      autograd.forEach(
          (name, each) ->
              add(name + " autograd", "step " + step, each * count, error, "time of 30 steps, extrapolated in their number"));
    }
    int last = steps.length - 1;
    double order = Math.log(errors[last - 1] / errors[last]) / Math.log(steps[last - 1] / steps[last]);
    setting.say("order of descent over its last two steps: " + Numbers.rounded(order, 3));
    return new Descent(steps[last - 1], steps[last], errors[last], order);
  }

  /** All descents of one step have the same states; whoever is the fastest here runs them. */
  private double descentError(double step, long count) {
    double[] times = times();
    for (String library : List.of("jax", "torch")) {
      Optional<Peer> peer = setting.peer(library);
      if (peer.isPresent()) {
        String file = setting.folder().resolve("descent.npy").toString();
        peer.get().ask("descent", Map.of("step", step, "steps", count, "times", times, "save", file));
        return saved(file, times).worstError(reference);
      }
    }
    GradientFlow own =
        GradientFlow.gradientFlow(start).method(Method.descent(step)).until(StopCondition.timeReached(count * step));
    return Trajectory.of(own, times).worstError(reference);
  }

  private Trajectory saved(String file, double[] times) {
    return new Trajectory(times, start.neurons(), Peer.saved(Path.of(file)), Optional.empty());
  }

  private static double autogradSeconds(Peer peer, int steps) {
    // The cost of a step does not depend on its size, nor on the state.
    return peer.secondsEach("autograd", Map.of("step", 1e-3, "steps", steps));
  }

  // ---- a stock adaptive solver

  private void adaptive() {
    Optional<Peer> scipy = setting.peer("scipy");
    if (scipy.isEmpty()) {
      return;
    }
    // One run each: where it ends is the news, not how long it takes to a tenth.
    double budget = setting.quick() ? 15 : 40;
    double[] times = times();
    String file = setting.folder().resolve("adaptive.npy").toString();
    for (double tolerance : new double[] {1e-3, 1e-4, 1e-5, 1e-6, 1e-8}) {
      Map<String, Object> command = new HashMap<>();
      command.put("tolerance", tolerance);
      command.put("until", end);
      command.put("budget", budget);
      command.put("times", times);
      command.put("save", file);
      JsonNode answer = scipy.get().ask("adaptive", command);
      boolean finished = answer.get("finished").asBoolean();
      double error =
          answer.get("states").asInt() == 0 ? Double.NaN : saved(file, times).worstError(reference);
      String reached = "at t = " + Numbers.rounded(answer.get("reached").asDouble(), 2) + " of " + Numbers.rounded(end, 3);
      add(
          finished ? "SciPy DOP853" : "SciPy DOP853, stopped " + reached, "tolerance " + tolerance, answer.get("seconds").asDouble(),
          error,
          finished ? "" : "the error is that so far, after " + answer.get("steps").asLong() + " steps");
      if (!finished) {
        break;
      }
    }
  }

  // ---- the bars

  private List<Bar> bars(double wanted, double least, Descent descent, String margin) {
    String work = "n=100, d=10⁴, p=31, until L < 1e-10, state error ≤ " + wanted;
    String bar = "≥ " + Numbers.rounded(least, 6) + "× autograd";
    Optional<Point> best = best(wanted);
    if (best.isEmpty()) {
      return List.of(Bar.notMeasured(id(), work, bar, "no method of ours reached this error"));
    }
    OwnMethod method =
        OwnMethod.all().stream().filter(each -> each.name().equals(best.get().method())).findFirst().orElseThrow();
    double tolerance =
        method.tolerances().stream().filter(each -> best.get().setting().equals("tolerance " + each)).findFirst().orElseThrow();
    String how = method.name() + ", " + best.get().setting();
    Optional<Peer> torch = setting.peer("torch");
    if (torch.isEmpty() || !descent.firstOrder()) {
      String why = torch.isEmpty() ? "PyTorch is not there" : "descent is not yet in its first-order range";
      return List.of(
          new Bar(id(), work, time(best.get().seconds()) + " (" + how + ")", "–", "–", bar, Outcome.NOT_MEASURED, why));
    }
    int steps = setting.quick() ? 20 : 100;
    Map<String, double[]> seconds = new LinkedHashMap<>();
    Rounds rounds =
        new Rounds()
            .with("ours", () -> Rounds.seconds(() -> solve(method, tolerance)))
            .with("autograd", () -> autogradSeconds(torch.get(), steps))
            .with("gram", () -> torch.get().secondsEach("descent", Map.of("step", 1e-3, "steps", 2000)));
    setting.peer("jax").ifPresent(
        jax ->
            rounds
                .with("jax", () -> autogradSeconds(jax, steps))
                .with("jax gram", () -> jax.secondsEach("descent", Map.of("step", 1e-3, "steps", 2000))));
    seconds.putAll(rounds.run(setting.rounds()));
    double needed = Math.ceil(end / descent.stepFor(wanted));
    String against = Numbers.rounded(needed, 3) + " steps of ";
    String remark =
        how + "; " + margin + ". Descent: step from the errors at " + Numbers.rounded(descent.before(), 3) + " and "
            + Numbers.rounded(descent.step(), 3) + " (order " + Numbers.rounded(descent.order(), 3)
            + "), its time extrapolated in the number of steps only";
    List<Bar> bars = new ArrayList<>();
    String ours = time(Summary.median(seconds.get("ours")));
    Ratios ratios = ratios(seconds, "autograd", needed);
    bars.add(
        new Bar(
            id(), work, ours, against + time(median(seconds, "autograd")) + ", PyTorch autograd", ratios + "×", bar,
            Outcome.atLeast(ratios.median(), least), remark));
    for (Map.Entry<String, String> other :
        Map.of("gram", "PyTorch Gram form", "jax", "JAX autograd", "jax gram", "JAX Gram form").entrySet()) {
      if (seconds.containsKey(other.getKey())) {
        bars.add(
            new Bar(
                id(), work, ours, against + time(median(seconds, other.getKey())) + ", " + other.getValue(),
                ratios(seconds, other.getKey(), needed) + "×", "", Outcome.REPORTED, ""));
      }
    }
    return bars;
  }

  private Optional<Point> best(double wanted) {
    return points.stream()
        .filter(point -> OwnMethod.all().stream().anyMatch(method -> method.name().equals(point.method())))
        .filter(point -> point.error() <= wanted)
        .min(Comparator.comparingDouble(Point::seconds));
  }

  private static double median(Map<String, double[]> seconds, String name) {
    return Summary.median(seconds.get(name));
  }

  private static Ratios ratios(Map<String, double[]> seconds, String name, double steps) {
    return Ratios.of(Arrays.stream(seconds.get(name)).map(each -> each * steps).toArray(), seconds.get("ours"));
  }

  // ---- the picture's numbers

  private void write() {
    StringBuilder text = new StringBuilder("method,setting,seconds,error,remark\n");
    for (Point point : points) {
      text.append('"').append(point.method()).append("\",\"").append(point.setting()).append("\",")
          .append(Numbers.rounded(point.seconds(), 6)).append(',').append(Numbers.rounded(point.error(), 6)).append(",\"")
          .append(point.remark()).append("\"\n");
    }
    try {
      Files.writeString(setting.folder().resolve("work-precision-table.csv"), text);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
    WorkPrecision.draw(points, setting.folder());
  }
}
