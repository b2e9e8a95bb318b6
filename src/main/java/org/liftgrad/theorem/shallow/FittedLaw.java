package org.liftgrad.theorem.shallow;

import java.util.Comparator;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.liftgrad.statistics.Numbers;

/**
 * A law of a threshold along d or p, fitted by least squares of the relative errors.
 *
 * @param name such as {@code a x + b}
 * @param text the same with its numbers
 * @param value from x to the fitted threshold
 * @param criterion Akaike's, m log(Σ error²/m) + 2k with k the law's numbers and the size of the errors; the smaller the better
 */
record FittedLaw(String name, String text, DoubleUnaryOperator value, double criterion) {

  private static final int EXPONENTS = 2000;

  /** N = a x. */
  static FittedLaw linear(double[] x, double[] y) {
    return proportional("a x", " x", x, y, each -> each, 1);
  }

  /** N = a x + b. */
  static FittedLaw affine(double[] x, double[] y) {
    return straight("a x + b", "x", x, y, each -> each);
  }

  /** N = a √x + b. */
  static FittedLaw root(double[] x, double[] y) {
    return straight("a √x + b", "√x", x, y, Math::sqrt);
  }

  /** N = a log x + b. */
  static FittedLaw logarithm(double[] x, double[] y) {
    return straight("a log x + b", "log x", x, y, StrictMath::log);
  }

  /** N = a x^b, with b from −1 to 4. */
  static FittedLaw power(double[] x, double[] y) {
    return Stream.iterate(0, k -> k + 1)
        .limit(EXPONENTS + 1)
        .map(k -> -1 + 5.0 * k / EXPONENTS)
        .map(b -> proportional("a x^b", " x^" + Numbers.rounded(b, 3), x, y, each -> StrictMath.pow(each, b), 2))
        .min(Comparator.comparingDouble(FittedLaw::criterion))
        .orElseThrow();
  }

  /** The best first. */
  static List<FittedLaw> ranked(FittedLaw... laws) {
    return Stream.of(laws).sorted(Comparator.comparingDouble(FittedLaw::criterion)).toList();
  }

  /** Names with how much worse than the best each is. */
  static String said(List<FittedLaw> ranked) {
    return ranked.stream()
        .map(law -> law.text + " (" + Numbers.rounded(law.criterion - ranked.get(0).criterion, 3) + ")")
        .collect(Collectors.joining(", "));
  }

  private static FittedLaw proportional(
      String name, String form, double[] x, double[] y, DoubleUnaryOperator shape, int numbers) {
    // Relative errors are 1 − a s with s = f(x)/y.
    double s = 0;
    double ss = 0;
    for (int i = 0; i < x.length; i++) {
      double each = shape.applyAsDouble(x[i]) / y[i];
      s += each;
      ss += each * each;
    }
    double a = s / ss;
    return of(name, Numbers.rounded(a, 4) + form, x, y, each -> a * shape.applyAsDouble(each), numbers);
  }

  private static FittedLaw straight(String name, String form, double[] x, double[] y, DoubleUnaryOperator shape) {
    double s = 0;
    double t = 0;
    double ss = 0;
    double st = 0;
    double tt = 0;
    for (int i = 0; i < x.length; i++) {
      double each = shape.applyAsDouble(x[i]) / y[i];
      double one = 1 / y[i];
      s += each;
      t += one;
      ss += each * each;
      st += each * one;
      tt += one * one;
    }
    double determinant = ss * tt - st * st;
    double a = (s * tt - t * st) / determinant;
    double b = (t * ss - s * st) / determinant;
    return of(
        name, Numbers.rounded(a, 4) + " " + form + (b < 0 ? " − " : " + ") + Numbers.rounded(Math.abs(b), 4), x, y,
        each -> a * shape.applyAsDouble(each) + b, 2);
  }

  private static FittedLaw of(String name, String text, double[] x, double[] y, DoubleUnaryOperator value, int numbers) {
    double squares = 0;
    for (int i = 0; i < x.length; i++) {
      double error = 1 - value.applyAsDouble(x[i]) / y[i];
      squares += error * error;
    }
    return new FittedLaw(name, text, value, x.length * StrictMath.log(squares / x.length) + 2 * (numbers + 1));
  }
}
