package org.liftgrad.lift;

/**
 * The lifted edges over one base edge, at work on blocks of consecutive vertices. The rows of a block stand at the
 * beginning of its arrays, one after the other. Everything here may be called by several threads at once, for
 * different vertices.
 */
interface EdgePass {

  /** Of the batch at hand. */
  final class Batch {
    int samples;
    double[] parameters;
    double[] gradient;
  }

  /**
   * Adds the messages that arrive at the targets from … to − 1.
   *
   * @param sums modified
   */
  void add(Batch batch, int from, int to, double[] sums, Scratch scratch);

  /**
   * For the sources from … to − 1, adds the gradients with respect to their values, and to those with respect to
   * the weights of their edges.
   *
   * @param values of the sources; not modified
   * @param gradients modified
   */
  void addReverse(Batch batch, int from, int to, double[] values, double[] gradients, Scratch scratch);

  /**
   * For the targets from … to − 1, adds to the gradients with respect to the weights of their edges: in place of
   * {@link #addReverse} where nobody asks for gradients with respect to the sources.
   *
   * @param sumGradients of the sums of messages; not modified
   */
  void addWeightGradients(Batch batch, int from, int to, double[] sumGradients, Scratch scratch);
}
