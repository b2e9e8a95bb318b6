package org.liftgrad.theorem.shallow;

import java.util.Arrays;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.liftgrad.data.Dataset;
import org.liftgrad.kernel.Argument;
import org.liftgrad.shallow.ShallowNetwork;

/**
 * A ReLU network on exactly orthogonal inputs, followed at a cost that is in proportion to the pairs that are still active:
 *
 * <pre>
 * u_ji' = a_j r_i 1[u_ji > 0] ‖x_i‖²/n        a_j' = (1/n) Σ_i r_i max(u_ji, 0)
 * </pre>
 *
 * <p>There the Gram matrix is diagonal and a pair that is inactive stays so for good, so it is forgotten; from a random start
 * three pairs of four soon are. The exact flow restarts a step of the whole network at each of the n p/4 deaths, which is
 * minutes a run at n = 500. Here steps are of the classical Runge-Kutta method with no search for them: a death within a step
 * moves a residual by the square of the step over p. {@link #follow} gives the flow; {@link #descend} is gradient descent with
 * strict indicators, the same numbers as {@code Method.descent}.
 *
 * <p>Mutable, for one thread.
 */
final class OrthogonalFlow {

  /**
   * A step times the bound on the largest rate of the linearised flow. With half of it (2/n) λ_min at the end moves by less than 1e-3.
   */
  private static final double STEP = 1;

  private static final double[] STAGE = {0.5, 0.5, 1};
  private static final double[] WEIGHT = {1 / 6.0, 1 / 3.0, 1 / 3.0, 1 / 6.0};

  private final Dataset data;
  private final int n;
  private final int p;
  private final double[] labels;
  private final double[] squaredNorms;
  private final double mostSquaredNorm;
  /** The points of neuron j's active pairs are the first counts[j] of points[j], and their pre-activations those of u[j]. */
  private final int[][] points;
  private final int[] counts;
  private final double[][] u;
  private final double[][] stage;
  private final double[][] sum;
  private final double[] a;
  private final double[] stageReadout;
  private final double[] readoutSum;
  private final double[] r;
  private final double[] drive;
  private final double step;
  private double time;
  private double loss;

  private OrthogonalFlow(ShallowNetwork network, double step) {
    data = network.data();
    Argument.require(data.exactlyOrthogonal(), "the data", data, "exactly orthogonal");
    this.step = step;
    n = data.points();
    p = network.neurons();
    labels = data.labels();
    squaredNorms = data.squaredNorms();
    mostSquaredNorm = Arrays.stream(squaredNorms).max().orElseThrow();
    a = network.readout();
    DMatrixRMaj preactivations = network.preactivations();
    points = new int[p][];
    counts = new int[p];
    u = new double[p][];
    stage = new double[p][];
    sum = new double[p][];
    for (int j = 0; j < p; j++) {
      int count = 0;
      for (int i = 0; i < n; i++) {
        count += preactivations.unsafe_get(i, j) > 0 ? 1 : 0;
      }
      counts[j] = count;
      points[j] = new int[count];
      u[j] = new double[count];
      stage[j] = new double[count];
      sum[j] = new double[count];
      int at = 0;
      for (int i = 0; i < n; i++) {
        if (preactivations.unsafe_get(i, j) > 0) {
          points[j][at] = i;
          u[j][at++] = preactivations.unsafe_get(i, j);
        }
      }
    }
    stageReadout = new double[p];
    readoutSum = new double[p];
    r = new double[n];
    drive = new double[n];
    residual(u, a);
    loss = lossOfResidual();
  }

  /** The network where it stands, at t = 0. */
  static OrthogonalFlow of(ShallowNetwork network) {
    return new OrthogonalFlow(network, STEP);
  }

  /** The same with shorter or longer steps than usual, by this factor. */
  static OrthogonalFlow of(ShallowNetwork network, double factor) {
    return new OrthogonalFlow(network, factor * STEP);
  }

  /**
   * Follows the flow until the loss is at most this, or the thread is interrupted.
   *
   * @param latest the time at which it gives up
   * @return whether it came there
   */
  boolean follow(double goal, double latest) {
    while (loss > goal && time < latest && !Thread.currentThread().isInterrupted()) {
      runge();
      forget();
      residual(u, a);
      loss = lossOfResidual();
    }
    return loss <= goal;
  }

  /**
   * Goes down by gradient descent until the loss is at most this, or the thread is interrupted.
   *
   * @param size of the steps, in time
   * @param latest the time at which it gives up
   * @param losses modified: L after the last steps, the latest in place 0
   * @return whether it came there
   */
  boolean descend(double goal, double size, double latest, double[] losses) {
    Arrays.fill(losses, Double.NaN);
    losses[0] = loss;
    for (long steps = 1;
        loss > goal && steps * size <= latest * (1 + 1e-12) && !Thread.currentThread().isInterrupted();
        steps++) {
      euler(size);
      forget();
      residual(u, a);
      loss = lossOfResidual();
      time = steps * size;
      System.arraycopy(losses, 0, losses, 1, losses.length - 1);
      losses[0] = loss;
    }
    return loss <= goal;
  }

  /** The residual of a state, and what it does to pre-activations. */
  private void residual(double[][] preactivations, double[] readout) {
    Arrays.fill(r, 0);
    for (int j = 0; j < p; j++) {
      int[] where = points[j];
      double[] values = preactivations[j];
      double factor = readout[j];
      for (int k = 0; k < counts[j]; k++) {
        r[where[k]] += factor * Math.max(values[k], 0);
      }
    }
    for (int i = 0; i < n; i++) {
      r[i] = labels[i] - r[i] / p;
      drive[i] = r[i] * squaredNorms[i] / n;
    }
  }

  private double lossOfResidual() {
    double squares = 0;
    for (double each : r) {
      squares += each * each;
    }
    return squares / (2 * n);
  }

  /**
   * K is at most max‖x‖² times the mean squared readout plus the mean squared norm of the weights, which does not grow beyond
   * the former; the coupling of readouts and weights by residuals that are not fitted yet is at most max‖x‖ times their norm.
   */
  private double length() {
    double energy = 0;
    for (double each : a) {
      energy += each * each;
    }
    double rate = 2 * mostSquaredNorm * energy / p + Math.sqrt(mostSquaredNorm * 2 * n * loss);
    return step * n / rate;
  }

  private void runge() {
    double length = length();
    for (int j = 0; j < p; j++) {
      System.arraycopy(u[j], 0, stage[j], 0, counts[j]);
      Arrays.fill(sum[j], 0, counts[j], 0);
      stageReadout[j] = a[j];
      readoutSum[j] = 0;
    }
    for (int s = 0; s < WEIGHT.length; s++) {
      if (s > 0) {
        residual(stage, stageReadout);
      }
      double next = s < STAGE.length ? STAGE[s] * length : 0;
      double weight = WEIGHT[s] * length;
      for (int j = 0; j < p; j++) {
        double pull = 0;
        for (int k = 0; k < counts[j]; k++) {
          int i = points[j][k];
          double value = stage[j][k];
          double speed = 0;
          if (value > 0) {
            pull += r[i] * value;
            speed = stageReadout[j] * drive[i];
          }
          sum[j][k] += weight * speed;
          stage[j][k] = u[j][k] + next * speed;
        }
        readoutSum[j] += weight * pull / n;
        stageReadout[j] = a[j] + next * pull / n;
      }
    }
    for (int j = 0; j < p; j++) {
      for (int k = 0; k < counts[j]; k++) {
        u[j][k] += sum[j][k];
      }
      a[j] += readoutSum[j];
    }
    time += length;
  }

  private void euler(double size) {
    for (int j = 0; j < p; j++) {
      double pull = 0;
      for (int k = 0; k < counts[j]; k++) {
        int i = points[j][k];
        pull += r[i] * u[j][k];
        u[j][k] += size * a[j] * drive[i];
      }
      a[j] += size * pull / n;
    }
  }

  /** Pairs that died are dropped: nothing pushes them ever again. */
  private void forget() {
    for (int j = 0; j < p; j++) {
      int kept = 0;
      for (int k = 0; k < counts[j]; k++) {
        if (u[j][k] > 0) {
          points[j][kept] = points[j][k];
          u[j][kept++] = u[j][k];
        }
      }
      counts[j] = kept;
    }
  }

  double time() {
    return time;
  }

  double loss() {
    return loss;
  }

  /** a; a copy. */
  double[] readout() {
    return a.clone();
  }

  /** E_i, n numbers. */
  double[] activeEnergy() {
    double[] energy = new double[n];
    for (int j = 0; j < p; j++) {
      for (int k = 0; k < counts[j]; k++) {
        energy[points[j][k]] += a[j] * a[j] / p;
      }
    }
    return energy;
  }

  /** How many neurons are active on each point with a readout of its label's sign. */
  int[] correctNeurons() {
    int[] correct = new int[n];
    for (int j = 0; j < p; j++) {
      for (int k = 0; k < counts[j]; k++) {
        correct[points[j][k]] += a[j] * labels[points[j][k]] > 0 ? 1 : 0;
      }
    }
    return correct;
  }

  /** μ = −L'/L of the flow, here. */
  double curvature() {
    double speed = 0;
    for (int j = 0; j < p; j++) {
      double pull = 0;
      double moved = 0;
      for (int k = 0; k < counts[j]; k++) {
        int i = points[j][k];
        pull += r[i] * u[j][k];
        moved += r[i] * r[i] * squaredNorms[i];
      }
      speed += pull * pull + a[j] * a[j] * moved;
    }
    return speed / ((double) n * n * p * loss);
  }

  /** (2/n) λ_min(K). */
  double asymptoticRate() {
    DMatrixRMaj rectified = new DMatrixRMaj(n, p);
    for (int j = 0; j < p; j++) {
      for (int k = 0; k < counts[j]; k++) {
        rectified.unsafe_set(points[j][k], j, u[j][k]);
      }
    }
    double[] diagonal = activeEnergy();
    for (int i = 0; i < n; i++) {
      diagonal[i] *= squaredNorms[i];
    }
    CommonOps_DDRM.scale(1 / Math.sqrt(p), rectified);
    return 2.0 / n * new LowRankUpdate(diagonal, rectified).smallestEigenvalue();
  }
}
