package org.liftgrad.notebook;

import java.nio.file.Path;
import org.ejml.data.DMatrixRMaj;
import org.liftgrad.data.Dataset;
import org.liftgrad.data.InputLaw;
import org.liftgrad.data.Labels;
import org.liftgrad.data.OrthogonalData;
import org.liftgrad.data.OwnData;
import org.liftgrad.data.SubGaussianData;
import org.liftgrad.flow.FlowState;
import org.liftgrad.flow.GradientFlow;
import org.liftgrad.flow.Method;
import org.liftgrad.flow.Observer;
import org.liftgrad.flow.StopCondition;
import org.liftgrad.plot.Figure;
import org.liftgrad.plot.Plot;
import org.liftgrad.shallow.Activation;
import org.liftgrad.shallow.CurvatureBounds;
import org.liftgrad.shallow.ShallowNetwork;
import org.liftgrad.shallow.ShallowNetworks;
import org.liftgrad.shallow.WeightLaw;
import org.liftgrad.shallow.Width;
import org.liftgrad.statistics.Tabular;
import org.liftgrad.theorem.Catalogue;
import org.liftgrad.theorem.Check;
import org.liftgrad.theorem.CheckResult;
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

  /** A line. */
  public static Figure plot(double[] x, double[] y) {
    return Plot.plot(x, y);
  }

  /** A histogram. */
  public static Figure histogram(double... values) {
    return Plot.histogram(values);
  }

  /** A heat map, the first row on top. */
  public static Figure heatMap(double[][] values) {
    return Plot.heatMap(values);
  }

  /** A heat map of a matrix. */
  public static Figure heatMap(DMatrixRMaj values) {
    return Plot.heatMap(values);
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
