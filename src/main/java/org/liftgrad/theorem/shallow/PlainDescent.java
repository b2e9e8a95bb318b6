package org.liftgrad.theorem.shallow;

import org.ejml.data.DMatrixRMaj;
import org.liftgrad.shallow.ShallowNetwork;
import org.liftgrad.statistics.Numbers;

/**
 * Full-batch gradient descent on p L, L = (1/n) Σ_i ℓ(h(x_i), y_i), of a ReLU network in its pre-activations, for losses ℓ
 * that the flow engine does not have. With f_i = −∂ℓ/∂h at point i, a step η does
 *
 * <pre>
 * a_j += (η/n) Σ_i f_i max(u_ji, 0)        u_ji += (η a_j/n) Σ_k f_k 1[u_jk > 0] ⟨x_k, x_i⟩
 * </pre>
 *
 * <p>For the squared loss these are the steps of {@code Method.descent}. Mutable, for one thread.
 */
final class PlainDescent {

  /** ℓ(h, y) and −∂ℓ/∂h. */
  sealed interface Loss {
    double value(double prediction, double label);

    double force(double prediction, double label);

    /** The mean loss at which n points count as learned. */
    double goal(int points);
  }

  /** ½ (y − h)². */
  record Squared() implements Loss {
    @Override
    public double value(double prediction, double label) {
      return (label - prediction) * (label - prediction) / 2;
    }

    @Override
    public double force(double prediction, double label) {
      return label - prediction;
    }

    @Override
    public double goal(int points) {
      return Starts.fitted(points);
    }

    @Override
    public String toString() {
      return "squared";
    }
  }

  /**
   * Quadratic for residuals up to a threshold δ, linear beyond (Huber 1964).
   *
   * @param threshold δ
   */
  record Huber(double threshold) implements Loss {
    @Override
    public double value(double prediction, double label) {
      double size = Math.abs(label - prediction);
      return size <= threshold ? size * size / 2 : threshold * (size - threshold / 2);
    }

    @Override
    public double force(double prediction, double label) {
      return Math.max(-threshold, Math.min(threshold, label - prediction));
    }

    @Override
    public double goal(int points) {
      return Starts.fitted(points);
    }

    @Override
    public String toString() {
      return "Huber, δ = " + Numbers.rounded(threshold, 3);
    }
  }

  /** log(1 + exp(−s h)) with s the sign of the label. Below log 2/n no point is on the wrong side. */
  record Logistic() implements Loss {
    @Override
    public double value(double prediction, double label) {
      double margin = Math.signum(label) * prediction;
      return margin > 0 ? StrictMath.log1p(StrictMath.exp(-margin)) : StrictMath.log1p(StrictMath.exp(margin)) - margin;
    }

    @Override
    public double force(double prediction, double label) {
      return Math.signum(label) / (1 + StrictMath.exp(Math.signum(label) * prediction));
    }

    @Override
    public double goal(int points) {
      return StrictMath.log(2) / points;
    }

    @Override
    public String toString() {
      return "logistic";
    }
  }

  private final Loss loss;
  private final int n;
  private final int p;
  private final boolean orthogonal;
  private final DMatrixRMaj gram;
  private final double[] labels;
  private final double[][] u;
  private final double[] a;
  private final double[] force;
  private final double[] drive;
  private double value;
  private long steps;

  PlainDescent(ShallowNetwork start, Loss loss) {
    this.loss = loss;
    n = start.data().points();
    p = start.neurons();
    orthogonal = start.data().exactlyOrthogonal();
    gram = start.data().gram();
    labels = start.data().labels();
    a = start.readout();
    u = new double[p][n];
    DMatrixRMaj preactivations = start.preactivations();
    for (int j = 0; j < p; j++) {
      for (int i = 0; i < n; i++) {
        u[j][i] = preactivations.get(i, j);
      }
    }
    force = new double[n];
    drive = new double[n];
    evaluate();
  }

  /** L where the network stands, and the forces there. */
  private void evaluate() {
    double sum = 0;
    for (int i = 0; i < n; i++) {
      double prediction = 0;
      for (int j = 0; j < p; j++) {
        prediction += a[j] * Math.max(u[j][i], 0);
      }
      sum += loss.value(prediction / p, labels[i]);
      force[i] = loss.force(prediction / p, labels[i]);
    }
    value = sum / n;
  }

  private void step(double size) {
    double share = size / n;
    for (int j = 0; j < p; j++) {
      double inner = 0;
      for (int i = 0; i < n; i++) {
        drive[i] = u[j][i] > 0 ? force[i] : 0;
        inner += drive[i] * u[j][i];
      }
      double factor = share * a[j];
      for (int i = 0; i < n; i++) {
        double moved = 0;
        if (orthogonal) {
          moved = drive[i] * gram.unsafe_get(i, i);
        } else {
          for (int k = 0; k < n; k++) {
            moved += drive[k] * gram.unsafe_get(i, k);
          }
        }
        u[j][i] += factor * moved;
      }
      a[j] += share * inner;
    }
    steps++;
    evaluate();
  }

  /**
   * Descends until the loss is at most its goal.
   *
   * @param size of a step, in time
   * @param latest the time at which it gives up
   * @return whether it came there
   */
  boolean descend(double size, double latest) {
    double goal = loss.goal(n);
    while (value > goal && (steps + 1) * size <= latest * (1 + 1e-12)) {
      step(size);
    }
    return value <= goal;
  }

  double loss() {
    return value;
  }

  long steps() {
    return steps;
  }

  double[] readout() {
    return a.clone();
  }
}
