package org.liftgrad.theorem.shallow;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.ejml.data.DMatrixRMaj;
import org.liftgrad.data.Dataset;
import org.liftgrad.data.OrthogonalData;
import org.liftgrad.flow.Solution;
import org.liftgrad.kernel.RandomStream;
import org.liftgrad.plot.Plot;
import org.liftgrad.blueprint.Activation;
import org.liftgrad.shallow.ShallowNetwork;
import org.liftgrad.shallow.ShallowNetworks;
import org.liftgrad.shallow.Width;
import org.liftgrad.statistics.Binomial;
import org.liftgrad.statistics.Numbers;
import org.liftgrad.statistics.Proportion;
import org.liftgrad.theorem.Assurance;
import org.liftgrad.theorem.Check;
import org.liftgrad.theorem.Finding;
import org.liftgrad.theorem.Parameters;
import org.liftgrad.theorem.Row;
import org.liftgrad.theorem.Scale;
import org.liftgrad.theorem.Trial;
import org.liftgrad.theorem.Verdict;

/** B5: what an activation other than ReLU needs of its start, on orthogonal inputs. */
final class OtherActivations {

  private static final double LEVEL = 0.999;
  private static final double ROUNDING = 1e-9;

  /** The rule is about a horizon. A slope of 0.01 takes four to six steps a unit of time, for some thousands of H = 50 n/slope². */
  private static final double STEPS_A_TIME = 5;
  private static final List<String> ALL =
      List.of(
          "leaky0.5", "leaky0.1", "leaky0.01", "u^2", "u^3", "relu(u)^2", "relu(u)^3", "gelu", "softplus");

  private OtherActivations() {}

  static Check check() {
    return Check.named("shallow/B5", "Activations other than ReLU", "shallow/activations")
        .asks(
            "On orthogonal inputs, does one leaky neuron suffice, does u² need no more than a neuron of each label's sign, and"
                + " do u³ and max(u, 0)^β need a correct neuron at every point?")
        .holdsIf(
            "a run to H = 50 n (leaky: 50 n/slope²) gets L < 1e-6/(2n) if and only if its start has what the activation"
                + " needs (leaky: nothing), the exact probability of that lies in every cell's 99.9 % Clopper–Pearson interval, and a"
                + " leaky run ends with μ ≥ (2/n) slope² (C_x⁻)² mean a²; GELU and softplus are reported")
        .control("the activation: ReLU in place of each", "a slope of 0 for 0.1 or 0.5, a linear growth for a power")
        .plan(Scale.QUICK, plan(List.of("leaky0.5", "leaky0.1", "u^2", "u^3", "relu(u)^2", "gelu", "softplus"), List.of(8), 20))
        .plan(Scale.PAPER, plan(ALL, List.of(8, 16, 32), 200))
        .plan(Scale.BEYOND, plan(ALL, List.of(8, 16, 32, 64, 128, 256), 400))
        .recorded(Scale.QUICK, Verdict.HOLDS)
        .recorded(Scale.PAPER, Verdict.HOLDS)
        .assured(OtherActivations::assurance)
        .runs(OtherActivations::run);
  }

  private static Parameters plan(List<String> activations, List<Integer> points, int runs) {
    return Parameters.none()
        .words("activations", activations, ALL, "activations")
        .wholes("points", points, 2, Size.MOST_POINTS, "numbers of points n; d = n")
        .wholes("neurons", List.of(1, 2, 4, 8), 1, 10_000, "numbers of neurons p")
        .number("horizonOverPoints", 50, 0.01, 1e6, "the horizon H over n, for leaky ReLU times 1/slope²")
        .whole("runs", runs, 1, 100_000, "runs a cell, each with data and start of its own");
  }

  private record Cell(String activation, int points, int neurons) {
    Activation function() {
      return switch (activation) {
        case "u^2" -> Activation.monomial(2);
        case "u^3" -> Activation.monomial(3);
        case "relu(u)^2" -> Activation.positiveMonomial(2);
        case "relu(u)^3" -> Activation.positiveMonomial(3);
        case "gelu" -> Activation.gelu();
        case "softplus" -> Activation.softplus();
        default -> Activation.leakyRelu(leak());
      };
    }

    boolean leaky() {
      return activation.startsWith("leaky");
    }

    double leak() {
      return Double.parseDouble(activation.substring("leaky".length()));
    }

    boolean judged() {
      return !activation.equals("gelu") && !activation.equals("softplus");
    }

    /** Can this neuron, with this pre-activation, fit a point of this label? */
    boolean fits(double readout, double preactivation, double label) {
      return switch (activation) {
        case "u^2" -> readout * label > 0;
        case "u^3" -> readout * preactivation * label > 0;
        case "relu(u)^2", "relu(u)^3" -> readout * label > 0 && preactivation > 0;
        default -> true;
      };
    }

    /** The probability that every point has a neuron that fits it, over fair signs of everything. */
    double probability() {
      if (activation.equals("u^3")) {
        return StrictMath.pow(1 - StrictMath.scalb(1.0, -neurons), points);
      } else if (leaky()) {
        return 1;
      }
      Binomial positives = new Binomial(points, 0.5);
      double sum = 0;
      for (int positive = 0; positive <= points; positive++) {
        sum += positives.exactly(positive) * given(positive);
      }
      return Math.min(1, sum);
    }

    private double given(int positive) {
      if (activation.startsWith("relu(u)")) {
        return Width.probabilityWellInitialised(neurons, positive, points - positive);
      }
      boolean both = positive > 0 && positive < points;
      return 1 - StrictMath.scalb(both ? 2.0 : 1.0, -neurons);
    }
  }

  private static List<Cell> cells(Parameters plan) {
    List<Cell> cells = new ArrayList<>();
    for (String activation : plan.words("activations")) {
      for (int points : plan.wholes("points")) {
        for (int neurons : plan.wholes("neurons")) {
          cells.add(new Cell(activation, points, neurons));
        }
      }
    }
    return cells;
  }

  private static Assurance assurance(Parameters plan) {
    int runs = plan.whole("runs");
    double allPass = 1;
    double allPassControlled = 1;
    for (Cell cell : cells(plan)) {
      if (cell.judged()) {
        AcceptedCounts accepted = AcceptedCounts.containing(runs, cell.probability(), LEVEL);
        allPass *= accepted.probability(runs, cell.probability());
      }
      if (cell.leaky()) {
        // ReLU fits at most what a well-initialised start has, and one run that it does not fit breaks the rule.
        double relu = new Cell("relu(u)^2", cell.points, cell.neurons).probability();
        allPassControlled *= StrictMath.pow(relu, runs);
      }
    }
    return new Assurance(
        Math.max(0, 1 - allPass),
        1 - allPassControlled,
        "Exact binomial probabilities that the intervals of all judged cells hold their probability; what a run needs is"
            + " deterministic. With ReLU in place a leaky cell's run fails where its start is not well initialised, and one"
            + " such run is enough.");
  }

  private static Finding run(Trial trial) {
    Parameters plan = trial.parameters();
    List<Cell> cells = cells(plan);
    int runs = plan.whole("runs");
    List<Row> rows = trial.runs(cells, runs, (cell, replicate) -> row(trial, cell, replicate));
    boolean judgedAny = false;
    int outside = 0;
    int most = Arrays.stream(plan.wholes("points")).max().orElseThrow();
    List<Row> shares = new ArrayList<>();
    List<String> reported = new ArrayList<>();
    for (int c = 0; c < cells.size(); c++) {
      Cell cell = cells.get(c);
      List<Row> some = rows.subList(c * runs, (c + 1) * runs);
      Proportion share = Row.share(some, "converged");
      if (cell.judged()) {
        judgedAny = true;
        outside += share.clopperPearson(LEVEL).contains(cell.probability()) ? 0 : 1;
      } else {
        reported.add(cell.activation + " with n = " + cell.points + ", p = " + cell.neurons + ": " + share);
      }
      if (cell.points == most) {
        shares.add(
            Row.start().and("neurons", cell.neurons).and("activation", cell.activation).and("P(conv)", share.estimate()));
      }
    }
    List<Row> judged = rows.stream().filter(row -> row.yes("judged")).toList();
    long exceptions = judged.stream().filter(row -> row.yes("converged") != row.yes("has what it needs")).count();
    double slowest = judged.stream().mapToDouble(row -> row.number("end curvature over its bound")).min().orElse(Double.NaN);
    boolean met = exceptions == 0 && outside == 0 && !(slowest < 1 - ROUNDING);
    long unfinished = trial.controlled() ? 0 : Starts.outOfSteps(judged);
    Finding finding =
        (judgedAny && unfinished == 0 ? Finding.judged(met, rows) : Finding.reported(rows))
            .measured("runs that are exceptions", exceptions)
            .predicted(0)
            .explained(
                exceptions + " of " + judged.size() + " judged runs are exceptions, and " + outside
                    + " cells have their exact probability outside the interval."
                    + (slowest < Double.POSITIVE_INFINITY
                        ? " The smallest end curvature of a leaky run over its bound is " + Numbers.rounded(slowest, 4) + "."
                        : "")
                    + (unfinished == 0 ? "" : " " + unfinished + " judged runs used up their steps before H, so there is no verdict.")
                    + (reported.isEmpty()
                        ? ""
                        : " Runs that reached L < 1e-6/(2n) within H, reported only: " + String.join("; ", reported) + "."))
            .figure(
                Plot.plot(Row.table("B5", shares)).x("neurons").by("activation").points("P(conv)").logX()
                    .title("Which activation needs how many neurons at n = " + most));
    return trial.controlled() ? finding.outside("the activations of the statement, as every run has ReLU") : finding;
  }

  private static Row row(Trial trial, Cell cell, int replicate) {
    int n = cell.points;
    ShallowNetwork network = network(trial, cell, replicate);
    double horizon = trial.parameters().number("horizonOverPoints") * n / (cell.leaky() ? cell.leak() * cell.leak() : 1);
    // With ReLU in place a run that is stuck vibrates on to the horizon, so its steps are those of the other checks.
    long steps = Starts.mostSteps(network) + (trial.controlled() ? 0 : (long) (STEPS_A_TIME * horizon));
    Solution solution =
        Starts.followed(Starts.until(network, Starts.fitted(n), horizon).maximumSteps(steps));
    boolean converged = Starts.converged(solution);
    double ratio = Double.POSITIVE_INFINITY;
    if (cell.leaky() && converged) {
      double[] readout = solution.network().readout();
      double energy = 0;
      for (double a : readout) {
        energy += a * a / readout.length;
      }
      double norm = network.data().normBounds().least();
      ratio = solution.curvature() / (2.0 / n * cell.leak() * cell.leak() * norm * norm * energy);
    }
    return Row.start()
        .and("activation", cell.activation)
        .and("points", n)
        .and("neurons", cell.neurons)
        .and("run", replicate)
        .and("judged", cell.judged())
        .and("has what it needs", hasWhatItNeeds(cell, network))
        .and("converged", converged)
        .and("end curvature over its bound", ratio)
        .and("loss", solution.loss())
        .and("time", solution.time())
        .and("ending", solution.ending().toString());
  }

  private static boolean hasWhatItNeeds(Cell cell, ShallowNetwork network) {
    double[] labels = network.data().labels();
    double[] readout = network.readout();
    DMatrixRMaj preactivations = network.preactivations();
    for (int i = 0; i < labels.length; i++) {
      boolean fitted = false;
      for (int j = 0; j < readout.length; j++) {
        fitted |= cell.fits(readout[j], preactivations.get(i, j), labels[i]);
      }
      if (!fitted) {
        return false;
      }
    }
    return true;
  }

  /**
   * Weights of fair signs and sizes in [½, 1]/√d: a power leaves a small pre-activation at a speed that
   * vanishes with it, and uniform weights would have the horizon decide.
   */
  private static ShallowNetwork network(Trial trial, Cell cell, int replicate) {
    long[] address = {cell.points, cell.neurons, replicate};
    Dataset data =
        OrthogonalData.orthogonalData().points(cell.points).seed(trial.seed("data", address)).build();
    RandomStream stream = trial.stream("weights", address);
    DMatrixRMaj weights = new DMatrixRMaj(cell.neurons, cell.points);
    for (int at = 0; at < weights.data.length; at++) {
      weights.data[at] = stream.nextSign() * stream.nextUniform(0.5, 1) / Math.sqrt(cell.points);
    }
    return ShallowNetworks.shallowNetwork(data)
        .weights(weights)
        .dominantReadout()
        .activation(trial.controlled() ? Activation.relu() : cell.function())
        .seed(trial.seed("start", address))
        .build();
  }
}
