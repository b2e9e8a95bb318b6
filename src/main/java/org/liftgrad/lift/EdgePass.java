package org.liftgrad.lift;

/**
 * The lifted edges over one base edge, at work on blocks of consecutive vertices, whose rows stand in an array each.
 * Everything here may be called by several threads at once, for different vertices.
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
   * @param sums a row a target; modified
   * @param gathered working arrays
   */
  void add(Batch batch, int from, int to, double[][] sums, double[][] gathered);

  /**
   * For the sources from … to − 1, adds the gradients with respect to their values, and to those with respect to
   * the weights of their edges.
   *
   * @param values a row a source; not modified
   * @param gradients a row a source; modified
   * @param gathered working arrays
   */
  void addReverse(Batch batch, int from, int to, double[][] values, double[][] gradients, double[][] gathered);

  /**
   * For the targets from … to − 1, adds to the gradients with respect to the weights of their edges: in place of
   * {@link #addReverse} where nobody asks for gradients with respect to the sources.
   *
   * @param sumGradients of the sums of messages, a row a target; not modified
   * @param gathered working arrays
   */
  void addWeightGradients(Batch batch, int from, int to, double[][] sumGradients, double[][] gathered);
}
