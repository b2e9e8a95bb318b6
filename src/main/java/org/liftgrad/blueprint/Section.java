package org.liftgrad.blueprint;

import java.util.Arrays;
import org.liftgrad.kernel.Argument;

/**
 * A section y ∈ Γ(Y) of a bundle: a point y_v of each space Y_v, their entries one after the other. Immutable.
 *
 * <p>Source: Random Sparse Lifts, definitions 3.1 and 3.2; the push-forward is the adjoint of the pullback.
 */
public final class Section {

  private final Bundle bundle;
  private final double[] values;

  private Section(Bundle bundle, double[] values) {
    this.bundle = bundle;
    this.values = values;
  }

  /**
   * A section by its entries.
   *
   * @param values as many as the dimension of the bundle; copied
   */
  public static Section of(Bundle bundle, double... values) {
    Argument.require(
        values.length == bundle.dimension(), "the number of values", values.length,
        bundle.dimension() + ", the dimension of the bundle");
    return new Section(bundle, values.clone());
  }

  /** The bundle that this is a section of. */
  public Bundle bundle() {
    return bundle;
  }

  /** All entries; a copy. */
  public double[] values() {
    return values.clone();
  }

  /** y_v; a copy. */
  public double[] at(int v) {
    return Arrays.copyOfRange(values, bundle.start(v), bundle.start(v + 1));
  }

  /** π*y, with (π*y)_u = y_π(u). */
  public Section pullback(FiniteMap map) {
    Bundle above = bundle.pullback(map);
    double[] pulled = new double[above.dimension()];
    for (int u = 0; u < map.domain(); u++) {
      int v = map.apply(u);
      System.arraycopy(values, bundle.start(v), pulled, above.start(u), bundle.space(v).dimension());
    }
    return new Section(above, pulled);
  }

  /**
   * π_*z, with (π_*z)_v the sum of z_u over the fibre of v, in increasing order of u; 0 over an empty fibre.
   *
   * @param map π
   * @param below Y, of which this section's bundle must be the pullback
   */
  public Section pushForward(FiniteMap map, Bundle below) {
    Argument.require(
        below.pullback(map).equals(bundle), "the bundle above", bundle, "the pullback of the one below, " + below);
    double[] pushed = new double[below.dimension()];
    for (int u = 0; u < map.domain(); u++) {
      int to = below.start(map.apply(u));
      for (int k = bundle.start(u); k < bundle.start(u + 1); k++) {
        pushed[to++] += values[k];
      }
    }
    return new Section(below, pushed);
  }

  /** ⟨y, z⟩, the sum of the inner products of the parts. */
  public double inner(Section other) {
    Argument.require(other.bundle.equals(bundle), "the other bundle", other.bundle, "this one's, " + bundle);
    double sum = 0;
    for (int k = 0; k < values.length; k++) {
      sum += values[k] * other.values[k];
    }
    return sum;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Section section
        && bundle.equals(section.bundle)
        && Arrays.equals(values, section.values);
  }

  @Override
  public int hashCode() {
    return 31 * bundle.hashCode() + Arrays.hashCode(values);
  }

  /** The entries. */
  @Override
  public String toString() {
    return Arrays.toString(values);
  }
}
