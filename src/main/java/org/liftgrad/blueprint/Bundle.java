package org.liftgrad.blueprint;

import java.util.ArrayList;
import java.util.List;
import org.liftgrad.kernel.Argument;

/**
 * A Euclidean bundle over a finite set: a space Y_v for each of the elements 0, 1, … Immutable.
 *
 * <p>Source: Random Sparse Lifts, definitions 3.1 and 3.2.
 */
public final class Bundle {

  private final List<Space> spaces;
  private final int[] starts;

  private Bundle(List<Space> spaces) {
    this.spaces = List.copyOf(spaces);
    starts = new int[spaces.size() + 1];
    for (int v = 0; v < spaces.size(); v++) {
      long next = (long) starts[v] + spaces.get(v).dimension();
      Argument.require(
          next <= Integer.MAX_VALUE, "the dimension of a bundle", next, "at most " + Integer.MAX_VALUE);
      starts[v + 1] = (int) next;
    }
  }

  /** The bundle with these spaces. */
  public static Bundle of(List<Space> spaces) {
    return new Bundle(spaces);
  }

  /** The bundle with these spaces. */
  public static Bundle of(Space... spaces) {
    return new Bundle(List.of(spaces));
  }

  /** The number of elements of the set below. */
  public int size() {
    return spaces.size();
  }

  /** Y_v. */
  public Space space(int v) {
    return spaces.get(v);
  }

  /** dim Γ(Y), the sum of the dimensions. */
  public int dimension() {
    return starts[spaces.size()];
  }

  /** Where the entries of Y_v begin in the values of a section. */
  public int start(int v) {
    return starts[v];
  }

  /** π*Y, with (π*Y)_u = Y_π(u). */
  public Bundle pullback(FiniteMap map) {
    Argument.require(
        map.codomain() == size(), "the codomain of the map", map.codomain(), size() + ", the set of the bundle");
    List<Space> pulled = new ArrayList<>(map.domain());
    for (int u = 0; u < map.domain(); u++) {
      pulled.add(spaces.get(map.apply(u)));
    }
    return new Bundle(pulled);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Bundle bundle && spaces.equals(bundle.spaces);
  }

  @Override
  public int hashCode() {
    return spaces.hashCode();
  }

  /** The spaces, in order. */
  @Override
  public String toString() {
    return spaces.toString();
  }
}
