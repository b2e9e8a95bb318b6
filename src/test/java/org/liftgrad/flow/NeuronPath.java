package org.liftgrad.flow;

/**
 * The path of one neuron, piece by piece, with known answers. A neuron 10⁻⁸ in size leaves the residual at the
 * labels up to 10⁻¹⁶, so that between events its flow is w' = a q, a' = ⟨w, q⟩ with a constant q: a hyperbola,
 * whose crossing of any hyperplane is a formula. q is (1/n) Σ s_i y_i x_i over the points, with s = 1 where the
 * pair is active, the slope of the activation on the inactive side (0 for ReLU), and between them where it slides.
 */
final class NeuronPath {

  static final double SIZE = 1e-8;

  double[] weight;
  double readout;

  NeuronPath(double[] weight, double readout) {
    this.weight = weight.clone();
    this.readout = readout;
  }

  /** Moves for a while under a constant q. */
  void move(double[] q, double duration) {
    double size = Math.sqrt(dot(q, q));
    double along = dot(weight, q) / size;
    double newAlong = along * Math.cosh(size * duration) + readout * Math.sinh(size * duration);
    readout = readout * Math.cosh(size * duration) + along * Math.sinh(size * duration);
    for (int k = 0; k < weight.length; k++) {
      weight[k] += q[k] / size * (newAlong - along);
    }
  }

  /** How long under q until ⟨w, x⟩ = 0: a quadratic equation in e^{|q| t}. */
  double durationUntilZero(double[] q, double[] x) {
    double size = Math.sqrt(dot(q, q));
    double along = dot(weight, q) / size;
    double goal = along - dot(weight, x) * size / dot(q, x);
    // along cosh + readout sinh = goal, with E = e^{size t}: (along + readout) E² − 2 goal E + (along − readout) = 0.
    double two = along + readout;
    double root = Math.sqrt(goal * goal - two * (along - readout));
    double first = Double.POSITIVE_INFINITY;
    for (double e : new double[] {(goal + root) / two, (goal - root) / two}) {
      double duration = Math.log(e) / size;
      if (duration > 0) {
        first = Math.min(first, duration);
      }
    }
    return first;
  }

  /** (1/n) Σ share_i x_i, where a share includes the label. */
  static double[] combination(double[][] inputs, double... shares) {
    double[] q = new double[inputs[0].length];
    for (int i = 0; i < inputs.length; i++) {
      for (int k = 0; k < q.length; k++) {
        q[k] += shares[i] * inputs[i][k] / inputs.length;
      }
    }
    return q;
  }

  static double dot(double[] left, double[] right) {
    double sum = 0;
    for (int k = 0; k < left.length; k++) {
      sum += left[k] * right[k];
    }
    return sum;
  }

  /** A vector times {@link #SIZE}. */
  static double[] scaled(double... values) {
    double[] result = values.clone();
    for (int k = 0; k < result.length; k++) {
      result[k] *= SIZE;
    }
    return result;
  }
}
