package org.liftgrad.notebook;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.ToDoubleFunction;
import org.ejml.data.DMatrixRMaj;
import org.liftgrad.blueprint.Activation;
import org.liftgrad.blueprint.ActivationRule;
import org.liftgrad.blueprint.Blueprint;
import org.liftgrad.blueprint.BlueprintBuilder;
import org.liftgrad.blueprint.Bundle;
import org.liftgrad.blueprint.FiniteMap;
import org.liftgrad.blueprint.MessageRule;
import org.liftgrad.blueprint.Space;
import org.liftgrad.data.Dataset;
import org.liftgrad.data.InputLaw;
import org.liftgrad.data.Labels;
import org.liftgrad.data.OrthogonalData;
import org.liftgrad.data.OwnData;
import org.liftgrad.data.SubGaussianData;
import org.liftgrad.flow.FlowState;
import org.liftgrad.flow.GradientFlow;
import org.liftgrad.flow.LiftTraining;
import org.liftgrad.flow.Method;
import org.liftgrad.flow.Observer;
import org.liftgrad.flow.StopCondition;
import org.liftgrad.lift.CopyLaw;
import org.liftgrad.lift.Coverage;
import org.liftgrad.lift.EdgeLaw;
import org.liftgrad.lift.Lift;
import org.liftgrad.lift.LiftBuilder;
import org.liftgrad.lift.LiftedNetwork;
import org.liftgrad.lift.ParameterLaw;
import org.liftgrad.lift.Regression;
import org.liftgrad.plot.Diagram;
import org.liftgrad.plot.Figure;
import org.liftgrad.plot.Plot;
import org.liftgrad.shallow.CurvatureBounds;
import org.liftgrad.shallow.ShallowNetwork;
import org.liftgrad.shallow.ShallowNetworks;
import org.liftgrad.shallow.WeightLaw;
import org.liftgrad.shallow.Width;
import org.liftgrad.statistics.Tabular;
import org.liftgrad.sweep.Executor;
import org.liftgrad.sweep.Experiment;
import org.liftgrad.sweep.Ledger;
import org.liftgrad.sweep.Plan;
import org.liftgrad.sweep.SparkSettings;
import org.liftgrad.sweep.Success;
import org.liftgrad.sweep.Sweep;
import org.liftgrad.sweep.SweepProgress;
import org.liftgrad.theorem.Catalogue;
import org.liftgrad.theorem.Check;
import org.liftgrad.theorem.CheckResult;
import org.liftgrad.theorem.CommittedResult;
import org.liftgrad.theorem.RunSettings;
import org.liftgrad.theorem.Scale;
import org.liftgrad.theorem.Statement;
import tech.tablesaw.api.Table;

/**
 * Everything that a notebook cell begins with, behind one import:
 *
 * <pre>{@code
 * import static org.liftgrad.notebook.Liftgrad.*;
 *
 * var data    = lawS().points(20).dimension(400).seed(7).build();
 * var network = shallowNetwork(data).neurons(widthFor(20, 0.05)).seed(7).build();
 * var run     = gradientFlow(network).until(lossBelow(1e-10)).observe(loss(), curvature()).solve();
 * plot(run).y("loss").logY()
 *
 * var mlp     = blueprint("mlp").input("x").constant("one")
 *                   .vertex("h", tanh()).from("x", "one").readout("t").from("h").build();
 * var net     = lift(mlp).fibre("x", "r", "g", "b").width("h", 512).inDegree(2).weights(normal(1.5)).seed(7).sparse();
 * }</pre>
 *
 * <p>Nothing is computed here: each method calls the one of the same meaning in its own room, whose
 * documentation says more.
 */
public final class Liftgrad {

  private Liftgrad() {}

  // ---------------------------------------------------------------- data

  /** Exactly orthogonal inputs x_i = ‖x_i‖ e_i. */
  public static OrthogonalData orthogonalData() {
    return OrthogonalData.orthogonalData();
  }

  /** Independent inputs of a sub-Gaussian law. */
  public static SubGaussianData subGaussianData() {
    return SubGaussianData.subGaussianData();
  }

  /** The papers' law S: uniform directions, norms and label sizes uniform on [1, 2], fair signs. */
  public static SubGaussianData lawS() {
    return SubGaussianData.lawS();
  }

  /** Your own inputs (a row a point) and labels. */
  public static Dataset ownData(double[][] inputs, double[] labels) {
    return OwnData.ownData(inputs, labels);
  }

  /** Your own inputs and labels from CSV or NPY files. */
  public static Dataset readData(String inputs, String labels) throws java.io.IOException {
    return OwnData.readData(Path.of(inputs), Path.of(labels));
  }

  /** Labels of a fair sign and a size uniform on [low, high]. */
  public static Labels signed(double low, double high) {
    return Labels.signed(low, high);
  }

  /** Positive labels, uniform on [low, high]. */
  public static Labels positive(double low, double high) {
    return Labels.positive(low, high);
  }

  /** Gaussian inputs. */
  public static InputLaw gaussian() {
    return InputLaw.gaussian();
  }

  /** Inputs uniform on the sphere. */
  public static InputLaw sphere() {
    return InputLaw.sphere();
  }

  /** Inputs with fair signs for coordinates. */
  public static InputLaw rademacher() {
    return InputLaw.rademacher();
  }

  /** Gaussian coordinates cut off at ±bound standard deviations. */
  public static InputLaw truncated(double bound) {
    return InputLaw.truncated(bound);
  }

  /** Student's t coordinates: heavy tails, the control outside the theory. */
  public static InputLaw studentT(double degrees) {
    return InputLaw.studentT(degrees);
  }

  // ---------------------------------------------------------------- networks

  /** A one-hidden-layer network on data. */
  public static ShallowNetworks shallowNetwork(Dataset data) {
    return ShallowNetworks.shallowNetwork(data);
  }

  /** Gaussian hidden weights of this standard deviation. */
  public static WeightLaw gaussian(double deviation) {
    return WeightLaw.gaussian(deviation);
  }

  /** Uniform hidden weights on ±1/√d, the papers' start. */
  public static WeightLaw uniform() {
    return WeightLaw.uniform();
  }

  /** The papers' width ⌊log(n/ε)/log(4/3)⌋ + 1. */
  public static int widthFor(long points, double epsilon) {
    return Width.widthFor(points, epsilon);
  }

  /** The width ⌈4 log(n/ε)⌉ of Theorem 1. */
  public static int theoremWidth(long points, double epsilon) {
    return Width.theoremWidth(points, epsilon);
  }

  /** The curvature bounds of a data set. */
  public static CurvatureBounds curvatureBounds(Dataset data) {
    return CurvatureBounds.of(data);
  }

  /** max(u, 0). */
  public static Activation relu() {
    return Activation.relu();
  }

  /** max(u, 0) + negativeSlope · min(u, 0). */
  public static Activation leakyRelu(double negativeSlope) {
    return Activation.leakyRelu(negativeSlope);
  }

  /** u^degree. */
  public static Activation monomial(int degree) {
    return Activation.monomial(degree);
  }

  /** u. */
  public static Activation identity() {
    return Activation.identity();
  }

  /** tanh(u). */
  public static Activation tanh() {
    return Activation.tanh();
  }

  /** log(1 + e^u). */
  public static Activation softplus() {
    return Activation.softplus();
  }

  /** u Φ(u), in the form with tanh. */
  public static Activation gelu() {
    return Activation.gelu();
  }

  // ---------------------------------------------------------------- blueprints

  /** Begins a blueprint. */
  public static BlueprintBuilder blueprint(String name) {
    return Blueprint.blueprint(name);
  }

  /** The space R^{sizes}; R without any. */
  public static Space space(int... sizes) {
    return Space.of(sizes);
  }

  /** On an edge: w y. */
  public static MessageRule linear() {
    return MessageRule.linear();
  }

  /** On an edge: y, without weights. */
  public static MessageRule free() {
    return MessageRule.free();
  }

  /** On an edge: w times the mean of y. */
  public static MessageRule mean() {
    return MessageRule.mean();
  }

  /** On an edge between matrices: a kernel of this size. */
  public static MessageRule convolution(int height, int width) {
    return MessageRule.convolution(height, width);
  }

  /** On an edge between matrices or vectors: a kernel with stride and padding. */
  public static MessageRule convolution(Space kernel, int stride, int padding) {
    return MessageRule.convolution(kernel, stride, padding);
  }

  /** At a vertex: the plain sum. */
  public static ActivationRule sum() {
    return ActivationRule.sum();
  }

  /** At a vertex: the product of two pre-activations. */
  public static ActivationRule product() {
    return ActivationRule.product();
  }

  /** At a vertex: the first pre-activation times a function of the second. */
  public static ActivationRule gate(Activation function) {
    return ActivationRule.gate(function);
  }

  /** At a vertex: the scores of attention, scale · q kᵀ. */
  public static ActivationRule outerProduct(double scale) {
    return ActivationRule.outerProduct(scale);
  }

  /** At a vertex: the softmax of each row. */
  public static ActivationRule rowSoftmax() {
    return ActivationRule.rowSoftmax();
  }

  /** At a vertex: the softmax of each row up to the diagonal. */
  public static ActivationRule causalSoftmax() {
    return ActivationRule.causalSoftmax();
  }

  /** At a vertex: a matrix applied to a vector. */
  public static ActivationRule mix() {
    return ActivationRule.mix();
  }

  // ---------------------------------------------------------------- lifts

  /** Begins a lift of a blueprint. */
  public static LiftBuilder lift(Blueprint blueprint) {
    return LiftBuilder.lift(blueprint);
  }

  /** The η-copies of a witness in a network on a lift, counted. */
  public static Coverage coverage(LiftedNetwork network, LiftedNetwork witness, double tolerance) {
    return Coverage.of(network, witness, tolerance);
  }

  /** The law of these counts, for the networks that a builder draws. */
  public static CopyLaw copyLaw(LiftBuilder builder, LiftedNetwork witness, double tolerance) {
    return CopyLaw.of(builder, witness, tolerance);
  }

  /** A function to learn on a product grid over [−1, 1]^d, with equal masses. */
  public static Regression onGrid(int points, int dimension, ToDoubleFunction<double[]> target) {
    return Regression.onGrid(points, dimension, target);
  }

  /** Training of a network on a lift: by its gradient flow unless said otherwise. */
  public static LiftTraining training(LiftedNetwork network, Regression regression) {
    return LiftTraining.of(network, regression);
  }

  /** Normal weights of mean 0. */
  public static ParameterLaw normal(double deviation) {
    return ParameterLaw.normal(deviation);
  }

  /** Weights uniform on (low, high). */
  public static ParameterLaw uniform(double low, double high) {
    return ParameterLaw.uniform(low, high);
  }

  /** Weights of finitely many values, equally likely. */
  public static ParameterLaw atoms(double... values) {
    return ParameterLaw.atoms(values);
  }

  /** All lifted edges over an edge. */
  public static EdgeLaw full() {
    return EdgeLaw.full();
  }

  /** Lifted edges between namesakes only. */
  public static EdgeLaw diagonal() {
    return EdgeLaw.diagonal();
  }

  /** So many parents for each vertex, drawn with replacement. */
  public static EdgeLaw inDegree(int degree) {
    return EdgeLaw.inDegree(degree);
  }

  /** Each pair an edge, so many for each vertex on average. */
  public static EdgeLaw bernoulli(double mean) {
    return EdgeLaw.bernoulli(mean);
  }

  // ---------------------------------------------------------------- flows

  /** The gradient flow of a network. */
  public static GradientFlow gradientFlow(ShallowNetwork network) {
    return GradientFlow.gradientFlow(network);
  }

  /** The gradient flow of a network on the data it was drawn for. */
  public static GradientFlow gradientFlow(ShallowNetwork network, Dataset data) {
    return GradientFlow.gradientFlow(network, data);
  }

  /** Ends a run at this loss. */
  public static StopCondition lossBelow(double loss) {
    return StopCondition.lossBelow(loss);
  }

  /** Ends a run at this time. */
  public static StopCondition timeReached(double time) {
    return StopCondition.timeReached(time);
  }

  /** The exact flow. */
  public static Method exact() {
    return Method.exact();
  }

  /** Gradient descent of this step. */
  public static Method descent(double step) {
    return Method.descent(step);
  }

  /** The stock adaptive solver. */
  public static Method stock() {
    return Method.stock();
  }

  /** Observes the loss. */
  public static Observer loss() {
    return Observer.loss();
  }

  /** Observes the local-PL curvature. */
  public static Observer curvature() {
    return Observer.curvature();
  }

  /** Observes ∫₀ᵗ μ. */
  public static Observer curvatureIntegral() {
    return Observer.curvatureIntegral();
  }

  /** Observes the number of sliding pairs. */
  public static Observer slidingPairs() {
    return Observer.slidingPairs();
  }

  /** Observes the drift of a_j² − ‖w_j‖². */
  public static Observer conservationDrift() {
    return Observer.conservationDrift();
  }

  /** Observes ⟨w_j, x_i⟩. */
  public static Observer preactivation(int neuron, int point) {
    return Observer.preactivation(neuron, point);
  }

  /** Observes a_j. */
  public static Observer readout(int neuron) {
    return Observer.readout(neuron);
  }

  /** Observes any figure of your own. */
  public static Observer value(String name, java.util.function.ToDoubleFunction<FlowState> measure) {
    return Observer.value(name, measure);
  }

  // ---------------------------------------------------------------- sweeps

  /** A plan for a registered experiment, such as {@code shallow-flow}. */
  public static Plan sweep(String experiment) {
    return Plan.of(experiment);
  }

  /** A plan for an experiment of one's own. */
  public static Plan sweep(Experiment experiment) {
    return Plan.of(experiment);
  }

  /** Begins an experiment of one's own. */
  public static Experiment.Draft experiment(String name) {
    return Experiment.named(name);
  }

  /** Runs a plan on all cores into a ledger, or goes on where it was left, and shows how far it has come. */
  public static Ledger run(Plan plan, Path ledger) {
    return run(Sweep.of(plan).into(ledger).beginOrResume());
  }

  /** The same, with the path as text. */
  public static Ledger run(Plan plan, String ledger) {
    return run(plan, Path.of(ledger));
  }

  /** Runs a sweep, and shows how far it has come. */
  public static Ledger run(Sweep sweep) {
    AtomicReference<Progress> shown = new AtomicReference<>();
    try {
      // It is heard first when it begins, in this thread: what is refused before that shows nothing.
      SweepProgress end =
          sweep
              .progress(
                  now -> {
                    if (shown.get() == null) {
                      shown.set(Progress.of(sweep.plan().experiment().name() + ", runs", now.total()));
                    }
                    shown.get().at(now.finished(), now::toString);
                  })
              .run();
      shown.get().close(end.counts() + (end.complete() ? "" : "; the same again goes on"));
      return Ledger.open(sweep.ledger());
    } finally {
      if (shown.get() != null) {
        shown.get().close();
      }
    }
  }

  /** A ledger that is there. */
  public static Ledger ledger(Path path) {
    return Ledger.open(path);
  }

  /** The same, with the path as text. */
  public static Ledger ledger(String path) {
    return Ledger.open(Path.of(path));
  }

  /** Apache Spark as an executor, on {@code local[2]} for example, where this kernel was started with it. */
  public static Executor spark(String master) {
    return Executor.spark(SparkSettings.of(master));
  }

  /** Was this kernel started with Spark, as {@code environment/lab --spark} does? */
  public static boolean sparkIsHere() {
    return Executor.sparkIsHere();
  }

  // ---------------------------------------------------------------- theorems

  /** A statement of the papers; {@code theorem("shallow/lemma-1").check()} runs all its checks. */
  public static Statement theorem(String id) {
    return Catalogue.theorem(id);
  }

  /** A check, to be run with settings of one's own. */
  public static Check check(String id) {
    return Catalogue.standard().check(id);
  }

  /** Runs a check at {@link #scale()} with seed 1, and shows how far it has come. */
  public static CheckResult verdict(String id) {
    return run(id, RunSettings.of(scale()));
  }

  /** Runs a check with its negative control in place: it should not hold. */
  public static CheckResult verdictWithControl(String id) {
    return run(id, RunSettings.of(scale()).withControl());
  }

  /**
   * What the committed rows of scale paper say of some checks: a row a check, with how many cells of its plan are in. They
   * took hours and are part of the library; nothing is run. {@code check(id).committed(Scale.PAPER)} shows one whole.
   */
  public static Table paper(String... ids) {
    return CommittedResult.table(Scale.PAPER, Arrays.stream(ids).flatMap(id -> Catalogue.standard().checksOf(id).stream()).toList());
  }

  /** What a lecture says of figures that it has computed itself: say which with {@code that}, then the rule. */
  public static Claim.Draft claim(String id, String title) {
    return new Claim.Draft(id, title, "", Double.NaN);
  }

  private static CheckResult run(String id, RunSettings settings) {
    Check check = check(id);
    try (Progress progress = Progress.of(id + ", per cent", 100)) {
      CheckResult result =
          check.run(settings.progress((what, done, total) -> progress.at(100 * done / Math.max(total, 1))));
      progress.close(id + ": " + result.rows().size() + " runs");
      return result;
    }
  }

  /** The scale at which notebooks run their checks: {@code LIFTGRAD_SCALE} in the environment, or quick. */
  public static Scale scale() {
    String name = System.getenv("LIFTGRAD_SCALE");
    return name == null || name.isBlank() ? Scale.QUICK : Scale.of(name);
  }

  // ---------------------------------------------------------------- pictures

  /** Every numeric column of a table against its first, until more is said. */
  public static Figure plot(Table table) {
    return Plot.plot(table);
  }

  /** A run, or a check, as a picture. */
  public static Figure plot(Tabular tabular) {
    return Plot.plot(tabular);
  }

  /** Shares of runs with their exact intervals. */
  public static Figure plot(Success success) {
    return Plot.plot(success);
  }

  /** A line. */
  public static Figure plot(double[] x, double[] y) {
    return Plot.plot(x, y);
  }

  /** A histogram. */
  public static Figure histogram(double... values) {
    return Plot.histogram(values);
  }

  /** A histogram of a column. */
  public static Figure histogram(Table table, String column) {
    return Plot.histogram(table, column);
  }

  /** A heat map of a table with a row a cell. */
  public static Figure heatMap(Table table, String x, String y, String value) {
    return Plot.heatMap(table, x, y, value);
  }

  /** A heat map, the first row on top. */
  public static Figure heatMap(double[][] values) {
    return Plot.heatMap(values);
  }

  /** A heat map of a matrix. */
  public static Figure heatMap(DMatrixRMaj values) {
    return Plot.heatMap(values);
  }

  /** The graph of a blueprint. */
  public static Diagram diagram(Blueprint blueprint) {
    return Plot.diagram(blueprint);
  }

  /** The fibres of a lift and its edges. */
  public static Diagram diagram(Lift lift) {
    return Plot.diagram(lift);
  }

  /** The fibres of a lifted network and its edges, in the colours of their weights' signs. */
  public static Diagram diagram(LiftedNetwork network) {
    return Plot.diagram(network);
  }

  /** The picture of a network with the copies of a witness in colour. */
  public static Diagram diagram(Coverage coverage) {
    return Plot.diagram(coverage);
  }

  /** A bundle and its pullback along a map. */
  public static Diagram diagram(Bundle bundle, FiniteMap map) {
    return Plot.diagram(bundle, map);
  }

  /** A film without moments yet: pictures that a reader steps through. */
  public static Film film(String title) {
    return Film.of(title);
  }

  // ---------------------------------------------------------------- showing

  /** Shows a value now, as a cell's result would be shown. */
  public static void show(Object value) {
    Front.current().show(Displays.standard().of(value));
  }
}
