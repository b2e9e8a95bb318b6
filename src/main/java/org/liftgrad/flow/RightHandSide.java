package org.liftgrad.flow;

import java.util.Arrays;
import java.util.Optional;
import org.ejml.data.DMatrixRMaj;
import org.liftgrad.blueprint.Activation;
import org.liftgrad.kernel.Argument;
import org.liftgrad.kernel.DenseProducts;
import org.liftgrad.kernel.Rectifier;
import org.liftgrad.kernel.Workers;

/**
 * The right-hand side of the gradient flow θ' = −p∇L of h(x) = (1/p) Σ_j a_j σ(⟨w_j, x⟩), in the
 * pre-activations u_ji = ⟨w_j, x_i⟩ and the readout:
 *
 * <pre>
 * r_i  = y_i − (1/p) Σ_j a_j σ(u_ji)
 * c_ji' = (1/n) a_j r_i σ'(u_ji)
 * U'   = C' G                         with G = X Xᵀ
 * a_j' = (1/n) Σ_i r_i σ(u_ji)
 * </pre>
 *
 * <p>with σ'(0) = 0 for ReLU (the strict indicator). U' is taken in one of three forms: by the Gram matrix;
 * by its diagonal alone, where inputs are orthogonal; by two products with the inputs, where those are
 * few-dimensional.
 *
 * <p>U, C' and U' are flat, neuron by neuron: pair (j, i) is at j·n + i. The points are taken in tiles that
 * stay in the caches, so that in the diagonal form U is read once and U' written once: 16 n p bytes. Works
 * on all cores; allocates nothing after its first call; the bits depend neither on the number of threads nor,
 * on Java's path of products, on the machine. Holds working memory: one call at a time.
 */
public final class RightHandSide {

  /** Most points of a tile: the memory gives long stretches faster than short ones. */
  private static final int WIDEST = 4096;

  /** Least points of a tile. */
  private static final int NARROWEST = 64;

  /** Most pre-activations of a tile: 3 MB, a core's share of the cache that the cores have in common. */
  private static final int TILE = 409_600;

  /** Stands where there are no vectors, and is not called. */
  private static final Rectifier NONE =
      new Rectifier() {
        @Override
        public void addRectified(double[] values, int at, double factor, double[] sums, int count) {
          throw new IllegalStateException("no vectors");
        }

        @Override
        public double gate(
            double[] values, int at, double factor, double[] forces, double[] weights, double[] result, int to, int count) {
          throw new IllegalStateException("no vectors");
        }
      };

  /** Two factors that make of every positive number one of at least 1. */
  private static final double HUGE = 0x1p1000;

  private final Activation activation;
  private final boolean rectified;
  private final double[] labels;
  private final int points;
  private final int neurons;
  private final GramOperator product;
  private final boolean diagonal;
  /** Whether the passes go straight along the flat arrays, by the Vector module. */
  private final boolean straight;
  private final Rectifier rectifier;
  private final int width;
  private final int tiles;
  /** Σ_i of a tile's points, of (1/n) r_i σ(u_ji), at tile·p + j. */
  private final double[] shares;

  private final Memory[] memories = new Memory[Workers.threads()];
  private final Workers.Task residuals = (tile, thread) -> residual(tile, memory(thread));
  private final Workers.Task residualsAfter = (tile, thread) -> residualAfter(tile, memory(thread));
  private final Workers.Task everything = this::everything;

  // Of the current call.
  private double[] u;
  private double[] a;
  private double[] residual;
  private double[] speeds;
  private double[] coefficients;
  private double delay;
  private boolean wantsCoefficients;
  private boolean wantsSpeeds;
  /** C' where the caller does not want it. */
  private double[] own = new double[0];

  RightHandSide(Activation activation, double[] labels, int neurons, GramOperator product) {
    this.activation = activation;
    this.labels = labels;
    this.neurons = neurons;
    this.product = product;
    rectified = activation instanceof Activation.Relu;
    points = labels.length;
    diagonal = product.isDiagonal();
    Optional<Rectifier> vectors = rectified ? product.products().rectifier() : Optional.empty();
    straight = vectors.isPresent();
    rectifier = vectors.orElse(NONE);
    int most = Math.max(NARROWEST, Math.min(WIDEST, TILE / neurons / 8 * 8));
    width = Math.min(most, Math.max(NARROWEST, (points / 16 + 7) / 8 * 8));
    tiles = (points + width - 1) / width;
    shares = new double[tiles * neurons];
  }

  /**
   * By the Gram matrix.
   *
   * @param activation σ
   * @param labels y, n
   * @param neurons p
   * @param gram G, n×n; kept, not to be modified
   * @param products the path of the products
   */
  public static RightHandSide gram(
      Activation activation, double[] labels, int neurons, DMatrixRMaj gram, DenseProducts products) {
    refuse(labels, neurons, gram.numRows, "gram");
    Argument.require(gram.numCols == gram.numRows, "the number of columns of gram", gram.numCols, gram.numRows + ", that of rows");
    return new RightHandSide(activation, labels.clone(), neurons, GramOperator.matrix(gram, products));
  }

  /**
   * By the diagonal of the Gram matrix, for orthogonal inputs.
   *
   * @param activation σ
   * @param labels y, n
   * @param neurons p
   * @param squaredNorms ‖x_i‖², n
   * @param products the path of the passes
   */
  public static RightHandSide diagonal(
      Activation activation, double[] labels, int neurons, double[] squaredNorms, DenseProducts products) {
    refuse(labels, neurons, squaredNorms.length, "squaredNorms");
    return new RightHandSide(
        activation, labels.clone(), neurons, GramOperator.diagonal(squaredNorms.clone(), products));
  }

  /**
   * By two products with the inputs.
   *
   * @param activation σ
   * @param labels y, n
   * @param neurons p
   * @param inputs X, n×d; kept, not to be modified
   * @param products the path of the products
   */
  public static RightHandSide inputs(
      Activation activation, double[] labels, int neurons, DMatrixRMaj inputs, DenseProducts products) {
    refuse(labels, neurons, inputs.numRows, "inputs");
    return new RightHandSide(activation, labels.clone(), neurons, GramOperator.inputs(inputs, products));
  }

  private static void refuse(double[] labels, int neurons, int rows, String name) {
    Argument.positive("neurons", neurons);
    Argument.positive("the number of labels", labels.length);
    Argument.require(rows == labels.length, "the number of rows of " + name, rows, labels.length + ", that of labels");
  }

  /** n. */
  public int points() {
    return points;
  }

  /** p. */
  public int neurons() {
    return neurons;
  }

  /** How U' is taken: "Gram matrix", "diagonal" or "inputs". */
  public String form() {
    return product.form();
  }

  /**
   * The residual alone.
   *
   * @param preactivations U, p·n; not modified
   * @param readout a, p; not modified
   * @param target r, n; modified
   */
  public void residual(double[] preactivations, double[] readout, double[] target) {
    u = preactivations;
    a = readout;
    residual = target;
    Workers.run(tiles, residuals);
  }

  /**
   * The residual on a straight way, without the pre-activations there.
   *
   * @param delay the time on the way
   * @param preactivations U at its start, p·n; not modified
   * @param preactivationSpeeds U', p·n; not modified
   * @param readout a where the residual is wanted, p; not modified
   * @param target r, n; modified
   */
  void residualAfter(
      double delay, double[] preactivations, double[] preactivationSpeeds, double[] readout, double[] target) {
    u = preactivations;
    speeds = preactivationSpeeds;
    a = readout;
    residual = target;
    this.delay = delay;
    Workers.run(tiles, residualsAfter);
  }

  /**
   * Everything.
   *
   * @param preactivations U, p·n; not modified
   * @param readout a, p; not modified
   * @param target r, n; modified
   * @param preactivationSpeeds U', p·n; modified
   * @param readoutSpeeds a', p; modified
   */
  public void evaluate(
      double[] preactivations,
      double[] readout,
      double[] target,
      double[] preactivationSpeeds,
      double[] readoutSpeeds) {
    if (!diagonal && own.length == 0) {
      own = new double[points * neurons];
    }
    wantsCoefficients = !diagonal;
    wantsSpeeds = diagonal;
    coefficients = own;
    speeds = preactivationSpeeds;
    find(preactivations, readout, target, readoutSpeeds);
    if (!diagonal) {
      product.multiply(neurons, own, preactivationSpeeds);
    }
  }

  /**
   * Everything, C' too.
   *
   * @param preactivations U, p·n; not modified
   * @param readout a, p; not modified
   * @param target r, n; modified
   * @param coefficientSpeeds C', p·n; modified
   * @param preactivationSpeeds U', p·n; modified
   * @param readoutSpeeds a', p; modified
   */
  public void evaluate(
      double[] preactivations,
      double[] readout,
      double[] target,
      double[] coefficientSpeeds,
      double[] preactivationSpeeds,
      double[] readoutSpeeds) {
    wantsCoefficients = true;
    wantsSpeeds = diagonal;
    coefficients = coefficientSpeeds;
    speeds = preactivationSpeeds;
    find(preactivations, readout, target, readoutSpeeds);
    if (!diagonal) {
      product.multiply(neurons, coefficientSpeeds, preactivationSpeeds);
    }
  }

  /**
   * Everything but U', without a product: for who follows C.
   *
   * @param preactivations U, p·n; not modified
   * @param readout a, p; not modified
   * @param target r, n; modified
   * @param coefficientSpeeds C', p·n; modified
   * @param readoutSpeeds a', p; modified
   */
  public void evaluateCoefficients(
      double[] preactivations,
      double[] readout,
      double[] target,
      double[] coefficientSpeeds,
      double[] readoutSpeeds) {
    wantsCoefficients = true;
    wantsSpeeds = false;
    coefficients = coefficientSpeeds;
    find(preactivations, readout, target, readoutSpeeds);
  }

  private void find(double[] preactivations, double[] readout, double[] target, double[] aSpeeds) {
    u = preactivations;
    a = readout;
    residual = target;
    Workers.run(tiles, everything);
    for (int j = 0; j < neurons; j++) {
      double sum = 0;
      for (int tile = 0; tile < tiles; tile++) {
        sum += shares[tile * neurons + j];
      }
      aSpeeds[j] = sum;
    }
  }

  /** What a thread works in. Rows of their own, read at one common index: only then are loops vectorised. */
  private static final class Memory {
    /** σ(u) of a tile, neuron by neuron. */
    final double[][] values;
    /** σ'(u), where that is not plain from σ(u). */
    final double[][] slopes;
    /** Σ_j a_j σ(u_ji), then r_i / n. */
    final double[] scaled;
    /** (r_i / n) G_ii. */
    final double[] driven;
    final double[] row;

    Memory(int neurons, int width, boolean rectified) {
      values = new double[neurons][width];
      slopes = rectified ? values : new double[neurons][width];
      scaled = new double[width];
      driven = new double[width];
      row = new double[width];
    }
  }

  private Memory memory(int thread) {
    if (memories[thread] == null) {
      memories[thread] = new Memory(straight ? 0 : neurons, width, rectified);
    }
    return memories[thread];
  }

  private void residual(int tile, Memory memory) {
    int from = tile * width;
    int count = Math.min(width, points - from);
    Arrays.fill(memory.scaled, 0, count, 0);
    for (int j = 0; j < neurons; j++) {
      if (straight) {
        rectifier.addRectified(u, j * points + from, a[j], memory.scaled, count);
        continue;
      }
      System.arraycopy(u, j * points + from, memory.values[j], 0, count);
      addNeuron(j, memory.values[j], memory, count);
    }
    finishResidual(from, memory, count);
  }

  private void residualAfter(int tile, Memory memory) {
    int from = tile * width;
    int count = Math.min(width, points - from);
    Arrays.fill(memory.scaled, 0, count, 0);
    for (int j = 0; j < neurons; j++) {
      System.arraycopy(u, j * points + from, memory.row, 0, count);
      System.arraycopy(speeds, j * points + from, memory.driven, 0, count);
      goOn(memory.row, delay, memory.driven, count);
      if (straight) {
        rectifier.addRectified(memory.row, 0, a[j], memory.scaled, count);
      } else {
        addNeuron(j, memory.row, memory, count);
      }
    }
    finishResidual(from, memory, count);
  }

  /** u_j of a tile becomes σ(u_j), and times the readout is added to the sums. */
  private void addNeuron(int j, double[] values, Memory memory, int count) {
    if (rectified) {
      addRectified(values, a[j], memory.scaled, count);
    } else {
      addActivated(activation, values, memory.slopes[j], a[j], memory.scaled, count);
    }
  }

  private static void goOn(double[] values, double delay, double[] speeds, int count) {
    for (int i = 0; i < count; i++) {
      values[i] += delay * speeds[i];
    }
  }

  /** Of Σ_j a_j σ(u_ji). */
  private void finishResidual(int from, Memory memory, int count) {
    for (int i = 0; i < count; i++) {
      double r = labels[from + i] - memory.scaled[i] / neurons;
      residual[from + i] = r;
      memory.scaled[i] = r / points;
    }
  }

  private void everything(int tile, int thread) {
    Memory memory = memory(thread);
    residual(tile, memory);
    int from = tile * width;
    int count = Math.min(width, points - from);
    if (wantsSpeeds) {
      product.scale(from, memory.scaled, memory.driven, count);
    }
    for (int j = 0; j < neurons; j++) {
      if (straight) {
        shares[tile * neurons + j] = gate(j, from, memory, count);
        continue;
      }
      if (wantsCoefficients) {
        speeds(memory.slopes[j], memory.scaled, a[j], memory.row, count);
        System.arraycopy(memory.row, 0, coefficients, j * points + from, count);
      }
      if (wantsSpeeds) {
        speeds(memory.slopes[j], memory.driven, a[j], memory.row, count);
        System.arraycopy(memory.row, 0, speeds, j * points + from, count);
      }
      shares[tile * neurons + j] = sumOfProducts(memory.values[j], memory.scaled, count);
    }
  }

  private double gate(int j, int from, Memory memory, int count) {
    int at = j * points + from;
    double share = 0;
    if (wantsCoefficients) {
      share = rectifier.gate(u, at, a[j], memory.scaled, memory.scaled, coefficients, at, count);
    }
    if (wantsSpeeds) {
      share = rectifier.gate(u, at, a[j], memory.driven, memory.scaled, speeds, at, count);
    }
    return share;
  }

  private void speeds(double[] slope, double[] force, double readout, double[] row, int count) {
    if (rectified) {
      rectifiedSpeeds(slope, force, readout, row, count);
    } else {
      smoothSpeeds(slope, force, readout, row, count);
    }
  }

  /** u becomes max(u, 0), and times the readout is added to the sums. NaN stays NaN. */
  private static void addRectified(double[] values, double readout, double[] sums, int count) {
    for (int i = 0; i < count; i++) {
      double value = Math.max(values[i], 0);
      values[i] = value;
      sums[i] += readout * value;
    }
  }

  private static void addActivated(
      Activation activation, double[] values, double[] slopes, double readout, double[] sums, int count) {
    for (int i = 0; i < count; i++) {
      double value = activation.value(values[i]);
      slopes[i] = activation.slope(values[i]);
      values[i] = value;
      sums[i] += readout * value;
    }
  }

  /** The indicator of σ(u) > 0 as a product, as a branch would neither be foreseen nor vectorised. */
  private static void rectifiedSpeeds(double[] values, double[] force, double readout, double[] row, int count) {
    for (int i = 0; i < count; i++) {
      row[i] = readout * (force[i] * Math.min(values[i] * HUGE * HUGE, 1));
    }
  }

  private static void smoothSpeeds(double[] slopes, double[] force, double readout, double[] row, int count) {
    for (int i = 0; i < count; i++) {
      row[i] = readout * (force[i] * slopes[i]);
    }
  }

  /** Σ values·weights: eight running sums, as each addition waits for the one before. */
  private static double sumOfProducts(double[] values, double[] weights, int count) {
    double s0 = 0;
    double s1 = 0;
    double s2 = 0;
    double s3 = 0;
    double s4 = 0;
    double s5 = 0;
    double s6 = 0;
    double s7 = 0;
    int i = 0;
    for (; i + 8 <= count; i += 8) {
      s0 += values[i] * weights[i];
      s1 += values[i + 1] * weights[i + 1];
      s2 += values[i + 2] * weights[i + 2];
      s3 += values[i + 3] * weights[i + 3];
      s4 += values[i + 4] * weights[i + 4];
      s5 += values[i + 5] * weights[i + 5];
      s6 += values[i + 6] * weights[i + 6];
      s7 += values[i + 7] * weights[i + 7];
    }
    for (; i < count; i++) {
      s0 += values[i] * weights[i];
    }
    return ((s0 + s1) + (s2 + s3)) + ((s4 + s5) + (s6 + s7));
  }
}
