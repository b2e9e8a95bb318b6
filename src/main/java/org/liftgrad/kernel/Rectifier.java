package org.liftgrad.kernel;

/**
 * Passes over a stretch of numbers u that go through max(u, 0), by the Vector module: straight along flat
 * arrays, so that the memory's own speed is all they wait for. See {@link DenseProducts#rectifier}.
 */
public interface Rectifier {

  /**
   * sums_i += factor · max(u_i, 0).
   *
   * @param values u_i is at {@code at} + i; not modified
   * @param sums from 0; modified
   * @param count how many
   */
  void addRectified(double[] values, int at, double factor, double[] sums, int count);

  /**
   * result_i = factor · forces_i where u_i is above 0, and 0 elsewhere.
   *
   * @param values u_i is at {@code at} + i; not modified
   * @param forces from 0; not modified
   * @param weights from 0; not modified
   * @param result result_i is at {@code to} + i; modified
   * @param count how many
   * @return Σ_i weights_i · max(u_i, 0), as eight running sums that are added in pairs
   */
  double gate(
      double[] values, int at, double factor, double[] forces, double[] weights, double[] result, int to, int count);
}
