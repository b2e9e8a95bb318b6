package org.liftgrad.lift;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.IntStream;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.dense.row.decomposition.qr.QRDecompositionHouseholderColumn_DDRM;
import org.hipparchus.linear.Array2DRowRealMatrix;
import org.hipparchus.linear.RealMatrix;
import org.hipparchus.linear.SingularValueDecomposition;
import org.liftgrad.blueprint.Edge;
import org.liftgrad.kernel.Argument;
import org.liftgrad.statistics.Numbers;

/**
 * What a network can do to first order: min over ‖u‖ ≤ c of ‖r + J u‖²_D, for the residual r = f − f* and the derivative
 * J of f with respect to the parameters. The parameters are tangent-approximable, θ ∈ A(c, ε), if that is under ε.
 *
 * <p>Solved by the singular values of J on the samples, each scaled by the root of its mass: by an orthogonal
 * factorisation of Jᵀ first, so that nothing is squared. Takes samples × parameters numbers, and a pass over each sample.
 * Immutable.
 *
 * <p>Source: theory file, 2.1 and 2.4.
 */
public final class TangentFeatures {

  private static final double UNIT = 0x1p-53;

  private final int outputs;
  private final int parameters;
  private final double[] singular;
  /** The residual along each left singular vector. */
  private final double[] along;

  /** The right singular vectors, of J or, where there are more parameters than outputs, of its triangular factor. */
  private final RealMatrix right;

  /** What carries the latter to parameters: the factorisation of Jᵀ. */
  private final Optional<QRDecompositionHouseholderColumn_DDRM> reflections;

  /**
   * The features of a residual.
   *
   * @param features J, scaled: an output of a sample a row
   */
  private TangentFeatures(DMatrixRMaj features, double[] residual) {
    int rows = features.numRows;
    outputs = rows;
    parameters = features.numCols;
    RealMatrix small = squared(features);
    if (parameters > rows) {
      QRDecompositionHouseholderColumn_DDRM factors = new QRDecompositionHouseholderColumn_DDRM();
      // It answers no where a column is 0, and is complete all the same.
      factors.decompose(CommonOps_DDRM.transpose(features, null));
      small = squared(CommonOps_DDRM.transpose(factors.getR(null, true), null));
      reflections = Optional.of(factors);
    } else {
      reflections = Optional.empty();
    }
    // Not EJML's singular values: on derivatives of low rank, which are common, they fail.
    SingularValueDecomposition svd = new SingularValueDecomposition(small);
    RealMatrix left = svd.getU();
    right = svd.getV();
    singular = svd.getSingularValues();
    double largest = Arrays.stream(singular).max().orElse(0);
    double negligible = Math.max(rows, parameters) * UNIT * largest;
    along = new double[rows];
    for (int k = 0; k < rows; k++) {
      singular[k] = singular[k] <= negligible ? 0 : singular[k];
      for (int i = 0; i < rows; i++) {
        along[k] += left.getEntry(i, k) * residual[i];
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
    double[] unit = new double[lift.outputDimension()];
    double[] row = new double[parameters.length];
    for (int sample = 0; sample < regression.samples(); sample++) {
      // Passes over this sample alone: over all of them each row would cost as much as the whole gradient.
      Passes alone = new Passes(lift, regression.sample(sample));
      double root = Math.sqrt(masses[sample]);
      for (int output = 0; output < unit.length; output++) {
        int i = output * regression.samples() + sample;
        residual[i] = root * (outputs[i] - targets[i]);
        unit[output] = root;
        alone.transposedDerivative(parameters, unit, row);
        unit[output] = 0;
        for (int k = 0; k < columns.length; k++) {
          features.set(i, k, row[columns[k]]);
        }
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
    double[] coefficients = new double[outputs];
    for (int k = 0; k < along.length && radius > 0; k++) {
      coefficients[k] =
          singular[k] == 0 ? 0 : -along[k] * (singular[k] / (singular[k] * singular[k] + regularisation));
    }
    double[] combined = right.operate(coefficients);
    // Not by Jᵀ from the left vectors: that would divide by the squares of the singular values.
    double[] step = Arrays.copyOf(combined, parameters);
    reflections.ifPresent(factors -> reflect(factors, step));
    return step;
  }

  /** Multiplies by the orthogonal factor: the reflections, last first. */
  private static void reflect(QRDecompositionHouseholderColumn_DDRM factors, double[] vector) {
    double[] gammas = factors.getGammas();
    for (int j = Math.min(gammas.length, factors.getQR().length) - 1; j >= 0; j--) {
      double[] column = factors.getQR()[j];
      double inner = vector[j];
      for (int i = j + 1; i < vector.length; i++) {
        inner += column[i] * vector[i];
      }
      inner *= gammas[j];
      vector[j] -= inner;
      for (int i = j + 1; i < vector.length; i++) {
        vector[i] -= inner * column[i];
      }
    }
  }

  /** Is θ ∈ A(c, ε)? */
  public boolean isApproximable(double radius, double level) {
    return residualWithin(radius) < level;
  }

  @Override
  public String toString() {
    return outputs + " outputs, " + parameters + " parameters, loss " + Numbers.rounded(loss(), 4)
        + ", of which no tangent step removes " + Numbers.rounded(leastResidual(), 4);
  }
}
