package org.liftgrad.lift;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.ejml.data.DMatrixRMaj;
import org.hipparchus.linear.Array2DRowRealMatrix;
import org.hipparchus.linear.QRDecomposition;
import org.hipparchus.linear.RealMatrix;
import org.hipparchus.linear.SingularValueDecomposition;
import org.liftgrad.blueprint.Edge;
import org.liftgrad.kernel.Argument;

/**
 * What a network can do to first order: min over ‖u‖ ≤ c of ‖r + J u‖²_D, for the residual r = f − f* and the derivative
 * J of f with respect to the parameters. The parameters are tangent-approximable, θ ∈ A(c, ε), if that is under ε.
 *
 * <p>Solved by the singular values of J on the samples, each scaled by the root of its mass: by an orthogonal
 * factorisation of Jᵀ first, so that nothing is squared. Takes samples × parameters numbers, and a reverse pass a sample.
 * Immutable.
 *
 * <p>Source: theory file, 2.1 and 2.4.
 */
public final class TangentFeatures {

  private static final double UNIT = 0x1p-53;

  /** J, scaled: an output of a sample a row. */
  private final DMatrixRMaj features;

  private final double[] residual;
  private final double[] singular;
  /** The residual along each left singular vector. */
  private final double[] along;

  private final DMatrixRMaj left;

  private TangentFeatures(DMatrixRMaj features, double[] residual) {
    this.features = features;
    this.residual = residual;
    int rows = features.numRows;
    // Not EJML's decompositions: on derivatives of low rank, which are common, they fail.
    RealMatrix small = squared(features);
    if (features.numCols > rows) {
      RealMatrix triangle = new QRDecomposition(transposed(features)).getR();
      small = triangle.getSubMatrix(0, rows - 1, 0, rows - 1).transpose();
    }
    SingularValueDecomposition svd = new SingularValueDecomposition(small);
    left = new DMatrixRMaj(svd.getU().getData());
    singular = svd.getSingularValues();
    double largest = Arrays.stream(singular).max().orElse(0);
    double negligible = Math.max(rows, features.numCols) * UNIT * largest;
    along = new double[rows];
    for (int k = 0; k < rows; k++) {
      singular[k] = singular[k] <= negligible ? 0 : singular[k];
      for (int i = 0; i < rows; i++) {
        along[k] += left.get(i, k) * residual[i];
      }
    }
  }

  /** With columns of 0 where there are fewer than rows, so that there is a left vector for every row. */
  private static RealMatrix squared(DMatrixRMaj features) {
    double[][] rows = new double[features.numRows][features.numRows];
    for (int i = 0; i < rows.length; i++) {
      System.arraycopy(
          features.data, i * features.numCols, rows[i], 0, Math.min(rows.length, features.numCols));
    }
    return new Array2DRowRealMatrix(rows, false);
  }

  private static RealMatrix transposed(DMatrixRMaj features) {
    double[][] rows = new double[features.numCols][features.numRows];
    for (int k = 0; k < rows.length; k++) {
      for (int i = 0; i < features.numRows; i++) {
        rows[k][i] = features.get(i, k);
      }
    }
    return new Array2DRowRealMatrix(rows, false);
  }

  /** With respect to all parameters. */
  public static TangentFeatures of(LiftedNetwork network, Regression regression) {
    return of(network, regression, false);
  }

  /** With respect to the readout alone, the weights of edges into outputs. */
  public static TangentFeatures ofReadout(LiftedNetwork network, Regression regression) {
    return of(network, regression, true);
  }

  private static TangentFeatures of(LiftedNetwork network, Regression regression, boolean readoutOnly) {
    Lift lift = network.lift();
    Passes passes = new Passes(lift, regression);
    double[] parameters = network.parameters();
    double[] outputs = new double[regression.samples() * regression.outputDimension()];
    passes.outputs(parameters, outputs);
    double[] targets = regression.targets();
    double[] masses = regression.masses();
    boolean[] wanted = new boolean[parameters.length];
    for (Edge edge : lift.blueprint().edges()) {
      if (!readoutOnly || lift.blueprint().vertices().get(edge.target()).output()) {
        Arrays.fill(wanted, lift.blockStart(edge.group()), lift.blockStart(edge.group() + 1), true);
      }
    }
    int[] columns = IntStream.range(0, wanted.length).filter(k -> wanted[k]).toArray();
    DMatrixRMaj features = new DMatrixRMaj(outputs.length, columns.length);
    double[] residual = new double[outputs.length];
    double[] unit = new double[outputs.length];
    double[] row = new double[parameters.length];
    for (int i = 0; i < outputs.length; i++) {
      double root = Math.sqrt(masses[i % regression.samples()]);
      residual[i] = root * (outputs[i] - targets[i]);
      unit[i] = root;
      passes.transposedDerivative(parameters, unit, row);
      unit[i] = 0;
      for (int k = 0; k < columns.length; k++) {
        features.set(i, k, row[columns[k]]);
      }
    }
    return new TangentFeatures(features, residual);
  }

  /** L = ‖r‖²_D. */
  public double loss() {
    return squares(1);
  }

  /** Σ (factor · residual along)², with the same factor for all. */
  private double squares(double factor) {
    double sum = 0;
    for (double each : along) {
      sum += factor * each * each;
    }
    return sum;
  }

  /** ‖∇L‖ = 2 ‖Jᵀ r‖, over the parameters that were asked for. */
  public double gradientNorm() {
    return 2 * Math.sqrt(image());
  }

  /** ⟨r, K r⟩. */
  private double image() {
    double sum = 0;
    for (int k = 0; k < along.length; k++) {
      sum += singular[k] * singular[k] * along[k] * along[k];
    }
    return sum;
  }

  /** The Rayleigh quotient ⟨r, K r⟩/‖r‖² of the tangent kernel K = J Jᵀ; 0 for a residual of 0. */
  public double rayleighQuotient() {
    double loss = loss();
    return loss == 0 ? 0 : image() / loss;
  }

  /** ε(∞): the part of the loss that no tangent step removes. */
  public double leastResidual() {
    double sum = 0;
    for (int k = 0; k < along.length; k++) {
      sum += singular[k] == 0 ? along[k] * along[k] : 0;
    }
    return sum;
  }

  /** ‖r + J u‖² for the regularised step u of parameter μ. */
  private double residual(double regularisation) {
    double sum = 0;
    for (int k = 0; k < along.length; k++) {
      double square = singular[k] * singular[k];
      double rest = square == 0 ? along[k] : along[k] * (regularisation / (square + regularisation));
      sum += rest * rest;
    }
    return sum;
  }

  /** ‖u‖ for the regularised step of parameter μ. */
  private double norm(double regularisation) {
    double sum = 0;
    for (int k = 0; k < along.length; k++) {
      double entry = singular[k] == 0 ? 0 : along[k] * (singular[k] / (singular[k] * singular[k] + regularisation));
      sum += entry * entry;
    }
    return Math.sqrt(sum);
  }

  private interface Decreasing {
    boolean reached(double regularisation);
  }

  /** The largest μ, to the last digits, for which something holds that holds for all smaller ones. */
  private double largest(Decreasing condition) {
    double top = Arrays.stream(singular).max().orElse(0);
    if (top == 0) {
      return 0;
    }
    double low = 1e-40 * top * top;
    double high = 1e20 * top * top;
    if (!condition.reached(low)) {
      return 0;
    }
    // By halves of the logarithm: forty digits and twenty more, to a relative 2⁻⁵².
    for (int k = 0; k < 64 && high > low * (1 + 0x1p-52); k++) {
      double middle = Math.sqrt(low) * Math.sqrt(high);
      if (condition.reached(middle)) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /**
   * ε(c), the least ‖r + J u‖²_D over ‖u‖ ≤ c: does not increase with c, and its root is convex in c.
   *
   * @param radius c, at least 0
   */
  public double residualWithin(double radius) {
    Argument.require(radius >= 0, "radius", radius, "at least 0");
    if (norm(0) <= radius) {
      return leastResidual();
    }
    // The norm falls as μ grows: the smallest μ for which it is within the radius.
    double above = largest(regularisation -> norm(regularisation) > radius);
    return radius == 0 ? loss() : residual(above);
  }

  /**
   * c(ε), the least ‖u‖ with ‖r + J u‖²_D ≤ ε; infinite where there is none.
   *
   * @param level ε, at least 0
   */
  public double normFor(double level) {
    Argument.notNegative("level", level);
    if (loss() <= level) {
      return 0;
    }
    if (leastResidual() > level) {
      return Double.POSITIVE_INFINITY;
    }
    return norm(largest(regularisation -> residual(regularisation) <= level));
  }

  /**
   * A step u of least norm with ‖r + J u‖²_D = ε(c).
   *
   * @param radius c, at least 0
   * @return one number for each parameter that was asked for
   */
  public double[] stepWithin(double radius) {
    Argument.require(radius >= 0, "radius", radius, "at least 0");
    double regularisation = norm(0) <= radius ? 0 : largest(each -> norm(each) > radius);
    double[] step = new double[features.numCols];
    if (radius == 0) {
      return step;
    }
    double[] combination = new double[residual.length];
    for (int k = 0; k < along.length; k++) {
      double factor = singular[k] == 0 ? 0 : -along[k] / (singular[k] * singular[k] + regularisation);
      for (int i = 0; i < combination.length; i++) {
        combination[i] += factor * left.get(i, k);
      }
    }
    for (int i = 0; i < combination.length; i++) {
      for (int k = 0; k < step.length; k++) {
        step[k] += combination[i] * features.get(i, k);
      }
    }
    return step;
  }

  /** Is θ ∈ A(c, ε)? */
  public boolean isApproximable(double radius, double level) {
    return residualWithin(radius) < level;
  }

  @Override
  public String toString() {
    return features.numRows + " outputs, " + features.numCols + " parameters, loss " + loss() + ", of which no tangent step removes "
        + leastResidual();
  }
}
