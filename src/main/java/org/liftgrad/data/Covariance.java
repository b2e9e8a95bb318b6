package org.liftgrad.data;

import org.liftgrad.kernel.Argument;

/** A diagonal covariance of the inputs, for any dimension: its eigenvalues by their number. */
@FunctionalInterface
public interface Covariance {

  /**
   * The variance along axis k.
   *
   * @param k 1 … d
   * @return a finite number of at least 0
   */
  double eigenvalue(long k);

  /** The eigenvalues k^−exponent. */
  static Covariance powerLaw(double exponent) {
    return new PowerLaw(exponent);
  }

  /**
   * A power-law spectrum.
   *
   * @param exponent at least 0; 0 is the identity
   */
  record PowerLaw(double exponent) implements Covariance {
    /** Refuses growing spectra. */
    public PowerLaw {
      Argument.notNegative("exponent", exponent);
    }

    @Override
    public double eigenvalue(long k) {
      return exponent == 0 ? 1 : StrictMath.pow(k, -exponent);
    }

    @Override
    public String toString() {
      return "power law of exponent " + exponent;
    }
  }
}
