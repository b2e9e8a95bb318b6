package org.liftgrad.flow;

/**
 * What a run cost and met.
 *
 * @param steps accepted steps (for gradient descent, its steps)
 * @param products products with the Gram matrix (n×n by n×p)
 * @param events pairs that changed their mode, readouts that changed sign
 * @param jumps changes of mode of other pairs of a neuron, caused by an event of that neuron
 * @param ambiguous events at which more than one continuation was possible; the inactive one was taken
 * @param largestOrder the highest order of the series used; 0 for other methods
 * @param mostSliding the largest number of pairs that slid at a time
 * @param grazing how near the run came to a discontinuity of the flow map
 */
public record Statistics(
    long steps,
    long products,
    long events,
    long jumps,
    long ambiguous,
    int largestOrder,
    int mostSliding,
    GrazingMargin grazing) {

  static Statistics none() {
    return new Statistics(0, 0, 0, 0, 0, 0, 0, GrazingMargin.none());
  }
}
