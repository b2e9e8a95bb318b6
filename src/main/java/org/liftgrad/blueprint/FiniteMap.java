package org.liftgrad.blueprint;

import java.util.Arrays;
import org.liftgrad.kernel.Argument;

/**
 * A map π : U → V between finite sets, whose elements are counted from 0. Immutable. Along it bundles and sections are
 * pulled back and sections are pushed forward (Random Sparse Lifts, definition 3.2).
 */
public final class FiniteMap {

  private final int[] images;
  private final int codomain;

  private FiniteMap(int[] images, int codomain) {
    this.images = images;
    this.codomain = codomain;
  }

  /**
   * A map by its values.
   *
   * @param codomain the number of elements of V, at least 0
   * @param images π(0), π(1), …, each from 0 to codomain − 1; copied
   */
  public static FiniteMap of(int codomain, int... images) {
    Argument.atLeast("codomain", codomain, 0);
    for (int u = 0; u < images.length; u++) {
      if (images[u] < 0 || images[u] >= codomain) {
        throw Argument.refused("images[" + u + "]", images[u], "from 0 to " + (codomain - 1));
      }
    }
    return new FiniteMap(images.clone(), codomain);
  }

  /** The identity of a set of {@code size} elements. */
  public static FiniteMap identity(int size) {
    int[] images = new int[Argument.atLeast("size", size, 0)];
    Arrays.setAll(images, u -> u);
    return new FiniteMap(images, size);
  }

  /** π(u). */
  public int apply(int u) {
    return images[u];
  }

  /** |U|. */
  public int domain() {
    return images.length;
  }

  /** |V|. */
  public int codomain() {
    return codomain;
  }

  /** π ∘ first: {@code first} is applied first, so its codomain must be this map's domain. */
  public FiniteMap after(FiniteMap first) {
    Argument.require(
        first.codomain == images.length, "the codomain of the first map", first.codomain,
        images.length + ", the domain of the second");
    int[] composed = new int[first.images.length];
    for (int u = 0; u < composed.length; u++) {
      composed[u] = images[first.images[u]];
    }
    return new FiniteMap(composed, codomain);
  }

  /** π⁻¹(v), increasing. */
  public int[] fibre(int v) {
    int[] fibre = new int[images.length];
    int size = 0;
    for (int u = 0; u < images.length; u++) {
      if (images[u] == v) {
        fibre[size++] = u;
      }
    }
    return Arrays.copyOf(fibre, size);
  }

  /** |π⁻¹(v)| for every v. */
  public int[] fibreSizes() {
    int[] sizes = new int[codomain];
    for (int v : images) {
      sizes[v]++;
    }
    return sizes;
  }

  /** Is it one to one and onto? */
  public boolean isPermutation() {
    return images.length == codomain && Arrays.stream(fibreSizes()).allMatch(size -> size == 1);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof FiniteMap map && codomain == map.codomain && Arrays.equals(images, map.images);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(images) + codomain;
  }

  /** Sizes, and the values where they are few. */
  @Override
  public String toString() {
    String sizes = images.length + " → " + codomain;
    return images.length > 20 ? sizes : sizes + " " + Arrays.toString(images);
  }
}
