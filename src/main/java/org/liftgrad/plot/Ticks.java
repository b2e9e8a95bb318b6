package org.liftgrad.plot;

import java.util.ArrayList;
import java.util.List;

/** Round numbers within a span, for the bar of a heat map's colours. */
final class Ticks {

  private Ticks() {}

  /** Some three to eight round numbers; under a logarithm, whole decades where there are two or more. */
  static List<Double> of(double low, double high, boolean logarithmic) {
    double span = high - low;
    double step = StrictMath.pow(10, Math.floor(StrictMath.log10(span)));
    step = span / step >= 5 ? step : span / step >= 2.5 ? step / 2 : step / 5;
    if (logarithmic && span >= 2) {
      step = Math.max(1, Math.ceil(span / 8));
    }
    List<Double> ticks = new ArrayList<>();
    for (double i = Math.ceil(low / step - 1e-9); i * step <= high + 1e-9 * span; i++) {
      ticks.add(i * step);
    }
    return ticks;
  }
}
