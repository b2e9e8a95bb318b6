package org.liftgrad.blueprint;

import java.util.Arrays;
import org.liftgrad.kernel.Argument;
import org.liftgrad.kernel.RandomStream;
import org.liftgrad.statistics.Numbers;

/**
 * Compares the reverse rules of message and activation functions with central differences along random directions, at
 * {@value #POINTS} random points of {@value #BATCH} samples. A blueprint does so with each function that is not of
 * this library when it is built.
 *
 * <p>Points are standard normal; where the function is not finite there, they are the same numbers made positive.
 */
public final class Derivatives {

  private static final int POINTS = 4;
  private static final int BATCH = 3;
  private static final double STEP = 1e-6;
  private static final double ALLOWED = 1e-6;

  private Derivatives() {}

  /**
   * How far a reverse rule is from central differences at each of the random points, relative to the sum of the sizes of
   * the differences and at least 1; infinite where a value is not finite, where samples are mixed up, where a
   * pre-activation or a gradient is overwritten instead of added to, or where a message that says so is not linear in
   * its weights.
   *
   * @param seed of the points and directions
   */
  public static double[] disagreements(MessageFunction message, long seed) {
    return onEitherSign(new MessageCase(message), seed);
  }

  /**
   * How far a reverse rule is from central differences at each of the random points, relative to the sum of the sizes of
   * the differences and at least 1; infinite where a value is not finite or samples are mixed up.
   *
   * @param seed of the points and directions
   */
  public static double[] disagreements(ActivationFunction activation, long seed) {
    return onEitherSign(new ActivationCase(activation), seed);
  }

  /** Refuses a message function whose reverse rule is wrong; those of this library have tests instead. */
  static void requireRight(MessageFunction message) {
    if (!ofThisLibrary(message)) {
      requireRight(message.name(), disagreements(message, 1));
    }
  }

  /** Refuses an activation function whose reverse rule is wrong; those of this library have tests instead. */
  static void requireRight(ActivationFunction activation) {
    if (!ofThisLibrary(activation)) {
      requireRight(activation.name(), disagreements(activation, 1));
    }
  }

  private static boolean ofThisLibrary(Object function) {
    return function.getClass().getPackageName().startsWith("org.liftgrad.");
  }

  private static void requireRight(String name, double[] disagreements) {
    // The smallest but one: a kink within a step of one point is no reason to refuse.
    double[] sorted = disagreements.clone();
    Arrays.sort(sorted);
    double met = sorted[POINTS - 2];
    Argument.require(
        met <= ALLOWED, "the reverse rule of " + name,
        Double.isInfinite(met) ? "at odds with its values" : "off finite differences by " + Numbers.rounded(met, 2),
        "within " + Numbers.rounded(ALLOWED, 1) + " of them, sample by sample, adding where it is told to add");
  }

  /** A function of several arguments, with entry c of sample s at place c * batch + s of each that has samples. */
  private interface Case {

    /** The lengths of the arguments for one sample. */
    int[] lengths();

    /** Whether an argument differs from sample to sample: weights do not. */
    boolean sampled(int argument);

    /** The values, of {@code outputs() * batch} entries. */
    double[] values(double[][] arguments, int batch);

    /** The gradients with respect to the arguments. */
    double[][] gradients(double[][] arguments, double[] valueGradient, int batch);

    int outputs();
  }

  private record MessageCase(MessageFunction message) implements Case {

    /** Weights begin here, so that a function that forgets {@code at} is found out. */
    private static final int AT = 2;

    @Override
    public int[] lengths() {
      return new int[] {message.weights().dimension(), message.source().dimension()};
    }

    @Override
    public boolean sampled(int argument) {
      return argument == 1;
    }

    @Override
    public int outputs() {
      return message.output().dimension();
    }

    private static double[] shifted(double[] weights) {
      double[] shifted = new double[AT + weights.length];
      System.arraycopy(weights, 0, shifted, AT, weights.length);
      return shifted;
    }

    @Override
    public double[] values(double[][] arguments, int batch) {
      double[] value = ones(outputs() * batch);
      message.add(shifted(arguments[0]), AT, arguments[1], value, batch);
      return minusOne(value);
    }

    @Override
    public double[][] gradients(double[][] arguments, double[] valueGradient, int batch) {
      double[] weights = ones(AT + arguments[0].length);
      double[] source = ones(arguments[1].length);
      message.addReverse(
          shifted(arguments[0]), AT, arguments[1], valueGradient, source, weights, batch);
      return new double[][] {minusOne(Arrays.copyOfRange(weights, AT, weights.length)), minusOne(source)};
    }

    private static double[] ones(int length) {
      double[] ones = new double[length];
      Arrays.fill(ones, 1);
      return ones;
    }

    private static double[] minusOne(double[] values) {
      return Arrays.stream(values).map(value -> value - 1).toArray();
    }
  }

  private record ActivationCase(ActivationFunction activation) implements Case {

    @Override
    public int[] lengths() {
      return activation.inputs().stream().mapToInt(Space::dimension).toArray();
    }

    @Override
    public boolean sampled(int argument) {
      return true;
    }

    @Override
    public int outputs() {
      return activation.output().dimension();
    }

    @Override
    public double[] values(double[][] arguments, int batch) {
      double[] value = new double[outputs() * batch];
      activation.apply(arguments, value, batch);
      return value;
    }

    @Override
    public double[][] gradients(double[][] arguments, double[] valueGradient, int batch) {
      double[][] gradients = new double[arguments.length][];
      Arrays.setAll(gradients, k -> filled(arguments[k].length));
      activation.reverse(arguments, values(arguments, batch), valueGradient, gradients, batch);
      return gradients;
    }

    /** Something to overwrite. */
    private static double[] filled(int length) {
      double[] filled = new double[length];
      Arrays.fill(filled, 7);
      return filled;
    }
  }

  private static double[] onEitherSign(Case function, long seed) {
    double[] disagreements = disagreements(function, seed, false);
    return Arrays.stream(disagreements).anyMatch(Double::isInfinite)
        ? disagreements(function, seed, true)
        : disagreements;
  }

  private static double[] disagreements(Case function, long seed, boolean positive) {
    RandomStream stream = RandomStream.of(seed, "derivatives");
    double[] disagreements = new double[POINTS];
    for (int point = 0; point < POINTS; point++) {
      double[][] at = drawn(function, stream);
      if (positive) {
        for (double[] argument : at) {
          Arrays.setAll(argument, j -> Math.abs(argument[j]) + 0.1);
        }
      }
      double[][] direction = drawn(function, stream);
      double[] gradient = new double[function.outputs() * BATCH];
      Arrays.setAll(gradient, j -> stream.nextGaussian());
      boolean sound =
          sampleBySample(function, at) && addsUp(function, at) && linearAsSaid(function, at, direction);
      disagreements[point] = sound ? disagreement(function, at, direction, gradient) : Double.POSITIVE_INFINITY;
    }
    return disagreements;
  }

  private static double[][] drawn(Case function, RandomStream stream) {
    int[] lengths = function.lengths();
    double[][] drawn = new double[lengths.length][];
    for (int k = 0; k < lengths.length; k++) {
      drawn[k] = new double[lengths[k] * (function.sampled(k) ? BATCH : 1)];
      for (int j = 0; j < drawn[k].length; j++) {
        drawn[k][j] = stream.nextGaussian();
      }
    }
    return drawn;
  }

  /** Along each argument by itself, so that one of small gradient is not lost beside another. */
  private static double disagreement(Case function, double[][] at, double[][] direction, double[] gradient) {
    double worst = 0;
    double[][] reverse = function.gradients(at, gradient, BATCH);
    for (int k = 0; k < at.length; k++) {
      double[] above = function.values(moved(at, direction, k, STEP), BATCH);
      double[] below = function.values(moved(at, direction, k, -STEP), BATCH);
      double difference = 0;
      double size = 0;
      for (int j = 0; j < above.length; j++) {
        double term = gradient[j] * (above[j] - below[j]) / (2 * STEP);
        difference += term;
        size += Math.abs(term);
      }
      double predicted = 0;
      for (int j = 0; j < at[k].length; j++) {
        predicted += reverse[k][j] * direction[k][j];
      }
      double off = Math.abs(difference - predicted) / Math.max(1, size);
      worst = Double.isNaN(off) ? Double.POSITIVE_INFINITY : Math.max(worst, off);
    }
    return worst;
  }

  private static double[][] moved(double[][] at, double[][] direction, int argument, double step) {
    double[][] moved = at.clone();
    moved[argument] = at[argument].clone();
    for (int j = 0; j < moved[argument].length; j++) {
      moved[argument][j] += step * direction[argument][j];
    }
    return moved;
  }

  /** Does a batch give what its samples give one by one? */
  private static boolean sampleBySample(Case function, double[][] at) {
    double[] together = function.values(at, BATCH);
    for (int s = 0; s < BATCH; s++) {
      double[][] alone = new double[at.length][];
      for (int k = 0; k < at.length; k++) {
        alone[k] = function.sampled(k) ? sample(at[k], s) : at[k];
      }
      double[] value = function.values(alone, 1);
      for (int c = 0; c < value.length; c++) {
        if (!(Math.abs(value[c] - together[c * BATCH + s]) <= 1e-12 * Math.max(1, Math.abs(value[c])))) {
          return false;
        }
      }
    }
    return true;
  }

  private static double[] sample(double[] row, int s) {
    double[] sample = new double[row.length / BATCH];
    Arrays.setAll(sample, c -> row[c * BATCH + s]);
    return sample;
  }

  /** Is what stood in the pre-activation before still there after a message? */
  private static boolean addsUp(Case function, double[][] at) {
    if (!(function instanceof MessageCase messageCase)) {
      return true;
    }
    double[] fromOne = function.values(at, BATCH);
    double[] fromZero = new double[fromOne.length];
    messageCase.message.add(MessageCase.shifted(at[0]), MessageCase.AT, at[1], fromZero, BATCH);
    for (int j = 0; j < fromOne.length; j++) {
      if (!(Math.abs(fromOne[j] - fromZero[j]) <= 1e-12 * Math.max(1, Math.abs(fromZero[j])))) {
        return false;
      }
    }
    return true;
  }

  /** M(w, y) + M(w', y) = M(w + w', y) and M(0, y) = 0, for a message that says so. */
  private static boolean linearAsSaid(Case function, double[][] at, double[][] other) {
    if (!(function instanceof MessageCase messageCase) || !messageCase.message.linearInWeights()) {
      return true;
    }
    double[] sums = function.values(moved(at, other, 0, 1), BATCH);
    double[] first = function.values(at, BATCH);
    double[] second = function.values(new double[][] {other[0], at[1]}, BATCH);
    for (int j = 0; j < sums.length; j++) {
      if (!(Math.abs(sums[j] - first[j] - second[j]) <= 1e-9 * Math.max(1, Math.abs(sums[j])))) {
        return false;
      }
    }
    return true;
  }
}
