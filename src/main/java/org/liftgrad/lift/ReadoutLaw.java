package org.liftgrad.lift;

import org.liftgrad.kernel.Argument;
import org.liftgrad.statistics.Numbers;

/**
 * The law of the weights into an output. Theorem 4.3 asks for an initial loss that does not grow with the width: 0, or a
 * variance of order 1/n_q, for n_q vertices in the fibre that is read out. A variance that does not fall with the width
 * is the control.
 */
public sealed interface ReadoutLaw {

  /** a = 0, so that the initial loss is ‖f*‖². */
  static ReadoutLaw zero() {
    return new Same(ParameterLaw.zero());
  }

  /**
   * Normal of variance c/n_q.
   *
   * @param variance c, above 0
   */
  static ReadoutLaw overWidth(double variance) {
    return new OverWidth(variance);
  }

  /** A law that does not depend on the width. */
  static ReadoutLaw same(ParameterLaw law) {
    return new Same(law);
  }

  /**
   * The law of an entry.
   *
   * @param width n_q, at least 1
   */
  ParameterLaw law(int width);

  /**
   * Normal of variance c/n_q.
   *
   * @param variance c
   */
  record OverWidth(double variance) implements ReadoutLaw {
    /** Refuses a variance of 0 or less. */
    public OverWidth {
      Argument.positive("the variance of the readout", variance);
    }

    @Override
    public ParameterLaw law(int width) {
      return ParameterLaw.normal(Math.sqrt(variance / width));
    }

    @Override
    public String toString() {
      return "normal of variance " + Numbers.rounded(variance, 4) + "/n";
    }
  }

  /**
   * The same at every width.
   *
   * @param law of an entry
   */
  record Same(ParameterLaw law) implements ReadoutLaw {
    @Override
    public ParameterLaw law(int width) {
      return law;
    }

    @Override
    public String toString() {
      return law.toString();
    }
  }
}
