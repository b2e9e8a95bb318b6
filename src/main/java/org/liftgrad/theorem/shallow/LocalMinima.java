package org.liftgrad.theorem.shallow;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.liftgrad.data.Dataset;
import org.liftgrad.data.OrthogonalData;
import org.liftgrad.data.SubGaussianData;
import org.liftgrad.flow.GradientFlow;
import org.liftgrad.flow.Observer;
import org.liftgrad.flow.Solution;
import org.liftgrad.flow.StopCondition;
import org.liftgrad.kernel.Products;
import org.liftgrad.kernel.RandomStream;
import org.liftgrad.plot.Plot;
import org.liftgrad.shallow.ShallowNetwork;
import org.liftgrad.shallow.ShallowNetworks;
import org.liftgrad.shallow.Width;
import org.liftgrad.statistics.Numbers;
import org.liftgrad.theorem.Assurance;
import org.liftgrad.theorem.Check;
import org.liftgrad.theorem.Finding;
import org.liftgrad.theorem.Parameters;
import org.liftgrad.theorem.Row;
import org.liftgrad.theorem.Scale;
import org.liftgrad.theorem.Trial;
import org.liftgrad.theorem.Verdict;

/**
 * B14: local minima with a positive loss exist, also under Assumption 1, and attract whole neighbourhoods; no run from a
 * good start ends at
 * one. They are constructed from pre-activations: W = U G⁻¹ X has them, as the inputs are independent.
 */
final class LocalMinima {

  private static final String ORTHOGONAL = "orthogonal";
  private static final String LAW_S = "lawS";
  private static final String ONE_SIGN = "readouts of one sign";
  private static final String DEAD_POINT = "dead point";
  private static final String GOOD = "good start";
  private static final double STATIONARY = 1e-12;
  private static final double RETURNED = 1e-6;
  private static final double PERTURBATION = 1e-3;
  private static final double HORIZON = 1000;

  private LocalMinima() {}

  static Check check() {
    return Check.named("shallow/B14", "Local minima that good starts avoid", "shallow/local-minima")
        .asks("Are there local minima with a positive loss, and does any run from a good start end at one?")
        .holdsIf(
            "at every constructed point, all readouts of one sign or one point without an active neuron, the curvature is"
                + " under 1e-12 and the flow from a"
                + " relative perturbation of 1e-3 gets back to its loss, above 0, to 1e-6 by t = 1000 n; and every"
                + " well-initialised start of the papers' width gets L <"
                + " 1e-6/(2n) within H = 1000 n and 20 n p steps")
        .control("the good start: all readouts get the sign that the first label does not have", "no neuron is right for"
            + " that point")
        .plan(Scale.QUICK, plan(List.of(8, 16), 5))
        .plan(Scale.PAPER, plan(List.of(10, 20, 40), 200))
        .plan(Scale.BEYOND, plan(List.of(10, 20, 40, 80), 1000))
        .recorded(Scale.QUICK, Verdict.HOLDS)
        .recorded(Scale.PAPER, Verdict.HOLDS)
        .assured(
            plan ->
                Assurance.deterministic(
                    (long) plan.whole("runs") * plan.wholes("points").length * plan.words("data").size(), 0.99,
                    "no neuron with the sign of the first label, and readouts never change theirs"))
        .runs(LocalMinima::run);
  }

  private static Parameters plan(List<Integer> points, int runs) {
    return Parameters.none()
        .words("data", List.of(ORTHOGONAL, LAW_S), List.of(ORTHOGONAL, LAW_S), "orthogonal inputs with d = n, or law S with"
            + " d = n²")
        .wholes("points", points, 2, 200, "numbers of points n")
        .whole("runs", runs, 1, 100_000, "runs a cell, each with data and start of its own");
  }

  private record Cell(String data, int points, String kind) {}

  private static Finding run(Trial trial) {
    Parameters plan = trial.parameters();
    List<Cell> cells = new ArrayList<>();
    for (String data : plan.words("data")) {
      for (int points : plan.wholes("points")) {
        List.of(ONE_SIGN, DEAD_POINT, GOOD).forEach(kind -> cells.add(new Cell(data, points, kind)));
      }
    }
    List<Row> rows = trial.runs(cells, plan.whole("runs"), (cell, replicate) -> row(trial, cell, replicate));
    List<Row> constructed = rows.stream().filter(row -> !row.text("kind").equals(GOOD)).toList();
    // With the control in place no start is good: all are judged then.
    List<Row> judged = rows.stream().filter(row -> row.text("kind").equals(GOOD)
        && (row.yes("well initialised") || trial.controlled())).toList();
    long exceptions = judged.stream().filter(row -> !row.yes("as said")).count();
    long otherwise = constructed.stream().filter(row -> !row.yes("as said")).count();
    double speed = constructed.stream().mapToDouble(row -> row.number("start curvature")).max().orElseThrow();
    double least = constructed.stream().mapToDouble(row -> row.number("loss said")).min().orElseThrow();
    Finding finding =
        Finding.judged(exceptions == 0 && otherwise == 0, rows)
            .measured("runs from good starts that end with a positive loss", exceptions)
            .predicted(0)
            .explained(
                (constructed.size() - otherwise) + " of " + constructed.size() + " constructed points, with losses from "
                    + Numbers.rounded(least, 3)
                    + " on and curvatures up to " + Numbers.rounded(speed, 2) + ", are stationary and get a perturbed flow"
                    + " back to their loss. " + exceptions + " of "
                    + judged.size() + " runs from good starts did not converge."
                    + (exceptions == 0 && otherwise == 0 ? " So there are minima that attract; a good start is outside of"
                    + " what they attract." : ""))
            .figure(
                Plot.plot(Row.table("B14", rows)).x("loss said").by("kind").points("loss").xLabel("loss of the constructed"
                    + " point (0 for good starts)")
                    .yLabel("loss at the end").title("Where the flow ends"));
    return trial.controlled() ? finding.outside("a good start, as no readout has the sign of the first label") : finding;
  }

  private static Row row(Trial trial, Cell cell, int replicate) {
    int n = cell.points;
    int p = Width.widthFor(n, 0.05);
    if (cell.kind.equals(GOOD)) {
      ShallowNetwork drawn =
          cell.data.equals(ORTHOGONAL)
              ? Starts.orthogonal(trial, n, p, replicate)
              : Starts.lawS(trial, n, Starts.dimension(n, 1), p, replicate);
      ShallowNetwork network = trial.controlled() ? wrongSign(drawn) : drawn;
      Solution solution = Starts.toConvergence(network, HORIZON * n);
      return row(cell, replicate, network, Double.NaN, 0, solution.loss(), Starts.converged(solution));
    }
    long[] address = {n, cell.kind.length(), replicate};
    long seed = trial.seed("data " + cell.data, address);
    Dataset data =
        cell.data.equals(ORTHOGONAL)
            ? OrthogonalData.orthogonalData().points(n).seed(seed).build()
            : SubGaussianData.lawS().points(n).dimension(Starts.dimension(n, 1)).seed(seed).build();
    RandomStream stream = trial.stream("construction " + cell.data, address);
    double[] labels = data.labels();
    double[] signs = new double[p];
    Arrays.setAll(signs, j -> cell.kind.equals(ONE_SIGN) ? -Math.signum(labels[0]) : j % 2 == 0 ? 1 : -1);
    double[][] parts = new double[p][n];
    double said = 0;
    for (int i = 0; i < n; i++) {
      int i0 = i;
      double[] right = Arrays.stream(signs).map(sign -> sign * labels[i0] > 0 && !(i0 == 0 && cell.kind.equals(DEAD_POINT))
          ? 1 : 0).toArray();
      said += Arrays.stream(right).sum() == 0 ? labels[i] * labels[i] / (2.0 * n) : 0;
      double sum = 0;
      for (int j = 0; j < p; j++) {
        parts[j][i] = right[j] * stream.nextUniform(0.5, 1.5);
        sum += parts[j][i];
      }
      for (int j = 0; j < p; j++) {
        parts[j][i] = right[j] == 0 ? -stream.nextUniform(0.5, 1.5) : p * Math.abs(labels[i]) * parts[j][i] / sum;
      }
    }
    ShallowNetwork network = constructed(data, signs, parts);
    Solution alone =
        Starts.followed(GradientFlow.gradientFlow(network).at(0).observe(Observer.curvature()).until(StopCondition.timeReached(1)));
    double curvature = alone.column("curvature")[0];
    Solution back =
        Starts.followed(
            GradientFlow.gradientFlow(perturbed(network,
                stream)).until(StopCondition.timeReached(HORIZON * n)).maximumSteps(Starts.mostSteps(network)));
    boolean held = curvature < STATIONARY && Math.abs(network.loss() / said - 1) < RETURNED
        && Math.abs(back.loss() / said - 1) < RETURNED;
    return row(cell, replicate, network, curvature, said, back.loss(), held);
  }

  private static Row row(
      Cell cell, int replicate, ShallowNetwork start, double curvature, double said, double loss, boolean held) {
    return Row.start()
        .and("data", cell.data)
        .and("points", cell.points)
        .and("kind", cell.kind)
        .and("run", replicate)
        .and("well initialised", start.wellInitialised())
        .and("Assumption 1", start.satisfiesAssumption1())
        .and("start loss", start.loss())
        .and("start curvature", curvature)
        .and("loss said", said)
        .and("loss", loss)
        .and("as said", held);
  }

  /**
   * Readouts ±A and pre-activations that are parts/A where those are above 0: h does not depend on A, which is made large
   * enough for
   * Assumption 1.
   */
  private static ShallowNetwork constructed(Dataset data, double[] signs, double[][] parts) {
    int n = data.points();
    int p = signs.length;
    DMatrixRMaj inputs = data.storedInputs().orElseThrow();
    double size = 1;
    while (true) {
      DMatrixRMaj wanted = new DMatrixRMaj(n, p);
      for (int j = 0; j < p; j++) {
        for (int i = 0; i < n; i++) {
          wanted.set(i, j, parts[j][i] > 0 ? parts[j][i] / size : parts[j][i]);
        }
      }
      DMatrixRMaj coefficients = new DMatrixRMaj(n, p);
      CommonOps_DDRM.solve(data.gram(), wanted, coefficients);
      DMatrixRMaj weights = Products.timesTransposed(CommonOps_DDRM.transpose(coefficients, null),
          CommonOps_DDRM.transpose(inputs, null));
      double readout = size;
      ShallowNetwork network =
          ShallowNetworks.shallowNetwork(data).weights(weights).readout(Arrays.stream(signs).map(sign ->
              sign * readout).toArray()).build();
      if (Arrays.stream(network.squaredWeightNorms()).allMatch(square -> 4 * square <= readout * readout)) {
        return network;
      }
      size *= 2;
    }
  }

  private static ShallowNetwork perturbed(ShallowNetwork network, RandomStream stream) {
    DMatrixRMaj weights = network.weights().orElseThrow();
    double[] squares = network.squaredWeightNorms();
    double[] readout = network.readout();
    for (int j = 0; j < readout.length; j++) {
      double deviation = PERTURBATION * Math.sqrt(squares[j] / weights.numCols);
      for (int k = 0; k < weights.numCols; k++) {
        weights.set(j, k, weights.get(j, k) + deviation * stream.nextGaussian());
      }
      readout[j] *= 1 + PERTURBATION * stream.nextGaussian();
    }
    return ShallowNetworks.shallowNetwork(network.data()).weights(weights).readout(readout).build();
  }

  private static ShallowNetwork wrongSign(ShallowNetwork network) {
    double sign = -Math.signum(network.data().labels()[0]);
    return network.withReadout(Arrays.stream(network.readout()).map(a -> sign * Math.abs(a)).toArray());
  }
}
