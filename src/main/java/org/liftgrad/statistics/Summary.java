package org.liftgrad.statistics;

import org.liftgrad.kernel.Argument;

/**
 * A sample in eight numbers. Quantiles are those of type 7 of Hyndman and Fan (1996, American
 * Statistician 50): linear between order statistics, as in R, NumPy and most spreadsheets.
 *
 * @param count how many values
 * @param least the smallest
 * @param lowerQuartile the quantile at 0.25
 * @param median the quantile at 0.5
 * @param upperQuartile the quantile at 0.75
 * @param most the largest
 * @param mean the arithmetic mean
 * @param deviation the standard deviation, √(Σ (value − mean)² / (count − 1)); 0 for one value
 */
public record Summary(
    int count,
    double least,
    double lowerQuartile,
    double median,
    double upperQuartile,
    double most,
    double mean,
    double deviation) {

  /**
   * Summarises a sample, which is left as it was.
   *
   * @param values at least one finite number
   * @throws IllegalArgumentException for an empty sample or a number that is not finite
   */
  public static Summary of(double... values) {
    double[] sorted = Samples.sorted(Samples.notEmpty("values", values));
    // Over the sorted values: the same sample in another order has the same mean, bit for bit.
    double mean = mean(sorted);
    double squares = 0;
    for (double value : sorted) {
      squares += (value - mean) * (value - mean);
    }
    int count = sorted.length;
    return new Summary(
        count, sorted[0], ofSorted(sorted, 0.25), ofSorted(sorted, 0.5), ofSorted(sorted, 0.75),
        sorted[count - 1], mean, count == 1 ? 0 : Math.sqrt(squares / (count - 1)));
  }

  /**
   * The arithmetic mean, summed in the order given.
   *
   * @param values at least one finite number
   */
  public static double mean(double... values) {
    double sum = 0;
    for (double value : Samples.notEmpty("values", values)) {
      sum += value;
    }
    return sum / values.length;
  }

  /**
   * The median.
   *
   * @param values at least one finite number
   */
  public static double median(double... values) {
    return quantile(values, 0.5);
  }

  /**
   * The quantile of type 7 at a probability.
   *
   * @param values at least one finite number; left as they were
   * @param probability in [0, 1]; 0 gives the smallest value and 1 the largest
   */
  public static double quantile(double[] values, double probability) {
    Argument.between("probability", probability, 0, 1);
    return ofSorted(Samples.sorted(Samples.notEmpty("values", values)), probability);
  }

  static double ofSorted(double[] sorted, double probability) {
    double place = probability * (sorted.length - 1);
    int below = (int) Math.floor(place);
    int above = Math.min(below + 1, sorted.length - 1);
    double share = place - below;
    return share == 0 ? sorted[below] : sorted[below] + share * (sorted[above] - sorted[below]);
  }

  /** As in {@code 20 values in [0.1, 3.2], median 1.1 (quartiles 0.7, 1.9), mean 1.2 ± 0.4}. */
  @Override
  public String toString() {
    return Numbers.counted(count, "value") + " in [" + Numbers.rounded(least, 4) + ", " + Numbers.rounded(most, 4)
        + "], median " + Numbers.rounded(median, 4) + " (quartiles " + Numbers.rounded(lowerQuartile, 4)
        + ", " + Numbers.rounded(upperQuartile, 4) + "), mean " + Numbers.rounded(mean, 4) + " ± "
        + Numbers.rounded(deviation, 3);
  }
}
