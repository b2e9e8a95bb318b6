package org.liftgrad.flow;

import java.util.Arrays;

/** The segments of one neuron's sweep and its changes of mode: all that dense output needs. */
final class NeuronLog {

  private final int dimension;
  private final int count;
  private int segments;
  private double[] times = new double[0];
  private double[][] weights = new double[0][];
  private double[][][] drives = new double[0][][];
  private double[][] series = new double[0][];
  private int[] terms = new int[0];

  private final byte[] modes;
  private int changes;
  private double[] changeTimes = new double[8];
  private int[] changePoints = new int[8];
  private byte[] changeModes = new byte[8];

  /** For neurons of this dimension, residuals of {@code count} coefficients and so many points. */
  NeuronLog(int dimension, int count, int points) {
    modes = new byte[points];
    this.dimension = dimension;
    this.count = count;
  }

  /** A sweep begins with these modes. */
  void begin(byte[] startModes) {
    System.arraycopy(startModes, 0, modes, 0, modes.length);
    segments = 0;
    changes = 0;
  }

  /** A segment begins; everything is copied. */
  void add(double time, double[] weight, double[][] drive, double[] readout, int highest) {
    if (segments == times.length) {
      grow(readout.length);
    }
    times[segments] = time;
    System.arraycopy(weight, 0, weights[segments], 0, dimension);
    for (int k = 0; k < count; k++) {
      System.arraycopy(drive[k], 0, drives[segments][k], 0, dimension);
    }
    System.arraycopy(readout, 0, series[segments], 0, highest + 1);
    terms[segments] = highest;
    segments++;
  }

  private void grow(int length) {
    int room = Math.max(4, 2 * segments);
    times = Arrays.copyOf(times, room);
    weights = Arrays.copyOf(weights, room);
    drives = Arrays.copyOf(drives, room);
    series = Arrays.copyOf(series, room);
    terms = Arrays.copyOf(terms, room);
    for (int s = segments; s < room; s++) {
      weights[s] = new double[dimension];
      drives[s] = new double[count][dimension];
      series[s] = new double[length];
    }
  }

  /** A pair changes its mode. */
  void addMode(double time, int point, byte mode) {
    if (changes == changeTimes.length) {
      changeTimes = Arrays.copyOf(changeTimes, 2 * changes);
      changePoints = Arrays.copyOf(changePoints, 2 * changes);
      changeModes = Arrays.copyOf(changeModes, 2 * changes);
    }
    changeTimes[changes] = time;
    changePoints[changes] = point;
    changeModes[changes++] = mode;
  }

  /** The modes at a time, to {@code target} from {@code at} on. */
  void modesAt(double time, byte[] target, int at) {
    System.arraycopy(modes, 0, target, at, modes.length);
    for (int s = 0; s < changes && changeTimes[s] <= time; s++) {
      target[at + changePoints[s]] = changeModes[s];
    }
  }

  NeuronLog copy() {
    NeuronLog copy = new NeuronLog(dimension, count, modes.length);
    copy.begin(modes);
    for (int s = 0; s < segments; s++) {
      copy.add(times[s], weights[s], drives[s], series[s], terms[s]);
    }
    for (int s = 0; s < changes; s++) {
      copy.addMode(changeTimes[s], changePoints[s], changeModes[s]);
    }
    return copy;
  }

  /** The memory of a copy, roughly. */
  long bytes() {
    return 8L * segments * ((count + 1L) * dimension + 32) + 13L * changes + modes.length;
  }

  /** Work space for {@link #read}. */
  View view() {
    return new View(dimension, count);
  }

  private int segmentAt(double time) {
    int low = 0;
    int high = segments - 1;
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      if (times[middle] <= time) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return low;
  }

  /** What one neuron is at a time, and work space to find it in. */
  static final class View {
    final double[] weight;
    /** q. */
    final double[] drive;
    double readout;
    private final double[][] shift;
    private final double[] powers;
    private final double[] integrals;
    private final double[] values;

    View(int dimension, int count) {
      weight = new double[dimension];
      drive = new double[dimension];
      shift = new double[count][count];
      powers = new double[count];
      integrals = new double[count];
      values = new double[count];
    }
  }

  /**
   * The neuron at τ.
   *
   * @param step H
   * @param view modified
   */
  void read(double time, double step, Legendre legendre, View view) {
    int s = segmentAt(time);
    legendre.shift(times[s], view.shift);
    view.readout =
        NeuronSweep.integrate(series[s], terms[s], view.shift, time - times[s], view.powers, view.integrals);
    legendre.values(time, view.values);
    System.arraycopy(weights[s], 0, view.weight, 0, dimension);
    Arrays.fill(view.drive, 0);
    for (int k = 0; k < count; k++) {
      RowSpace.add(step * view.integrals[k], drives[s][k], view.weight, dimension);
      RowSpace.add(view.values[k], drives[s][k], view.drive, dimension);
    }
  }
}
