package org.liftgrad.blueprint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.liftgrad.kernel.RandomStream;

/** Checks A1, A2, A3 and A5 of the first paper's theory file: bundles, pullbacks and push-forwards. */
class BundlesTest {

  private static final int DRAWS = 1000;

  private static void draws(String purpose, Consumer<RandomStream> body) {
    for (int draw = 0; draw < DRAWS; draw++) {
      try {
        body.accept(RandomStream.of(1, purpose, draw));
      } catch (AssertionError failure) {
        throw new AssertionError("draw " + draw + " of " + purpose, failure);
      }
    }
  }

  private static FiniteMap map(RandomStream stream, int domain, int codomain) {
    int[] images = new int[domain];
    for (int u = 0; u < domain; u++) {
      images[u] = stream.nextInt(codomain);
    }
    return FiniteMap.of(codomain, images);
  }

  private static Bundle bundle(RandomStream stream, int size) {
    List<Space> spaces = new ArrayList<>();
    for (int v = 0; v < size; v++) {
      spaces.add(List.of(Space.ofDimensionZero(), Space.real(), Space.of(2), Space.of(2, 2)).get(stream.nextInt(4)));
    }
    return Bundle.of(spaces);
  }

  private static Section section(RandomStream stream, Bundle bundle) {
    double[] values = new double[bundle.dimension()];
    for (int k = 0; k < values.length; k++) {
      values[k] = stream.nextGaussian();
    }
    return Section.of(bundle, values);
  }

  @Test
  void aPulledBackBundleHasTheSpacesOfTheImages_A1() {
    Bundle below = Bundle.of(Space.of(1), Space.of(2), Space.of(3));
    draws(
        "A1",
        stream -> {
          FiniteMap map = map(stream, 6, 3);
          Bundle above = below.pullback(map);
          int dimension = 0;
          for (int v = 0; v < 3; v++) {
            for (int u : map.fibre(v)) {
              assertThat(above.space(u)).isEqualTo(below.space(v));
            }
            dimension += map.fibreSizes()[v] * (v + 1);
            assertThat(map.fibre(v)).hasSize(map.fibreSizes()[v]);
          }
          assertThat(above.dimension()).isEqualTo(dimension);
        });
  }

  @Test
  void pullingBackIsLinearAndTurnsCompositionsAround_A2() {
    draws(
        "A2",
        stream -> {
          FiniteMap first = map(stream, 7, 5);
          FiniteMap second = map(stream, 5, 4);
          Section section = section(stream, bundle(stream, 4));
          assertThat(section.pullback(second.after(first)))
              .isEqualTo(section.pullback(second).pullback(first));
          assertThat(section.pullback(FiniteMap.identity(4))).isEqualTo(section);
        });
  }

  @Test
  void compositionInTheWrongOrderDoesNotEvenFit() {
    FiniteMap first = FiniteMap.of(5, 0, 1, 2, 3, 4, 0, 1);
    FiniteMap second = FiniteMap.of(4, 0, 1, 2, 3, 0);
    assertThatThrownBy(() -> first.after(second)).hasMessageContaining("codomain of the first map is 4");
  }

  @Test
  void pushingForwardIsTheAdjoint_A3() {
    boolean[] empty = {false};
    draws(
        "A3",
        stream -> {
          FiniteMap map = map(stream, 6, 5);
          Bundle below = bundle(stream, 5);
          Section section = section(stream, below);
          Section above = section(stream, below.pullback(map));
          double left = section.pullback(map).inner(above);
          double right = section.inner(above.pushForward(map, below));
          assertThat(left).isCloseTo(right, within(1e-12 * Math.max(1, Math.abs(left))));
          Section roundTrip = section.pullback(map).pushForward(map, below);
          for (int v = 0; v < 5; v++) {
            int size = map.fibreSizes()[v];
            empty[0] |= size == 0;
            for (int k = 0; k < below.space(v).dimension(); k++) {
              assertThat(roundTrip.at(v)[k])
                  .isCloseTo(size * section.at(v)[k], within(1e-12 * Math.max(1, Math.abs(section.at(v)[k]))));
            }
          }
        });
    assertThat(empty[0]).as("maps that are not onto were among them").isTrue();
  }

  /** {(a, b) : f(a) = g(b)} with its projections, leaving out the first {@code left} pairs. */
  private static FiniteMap[] square(FiniteMap f, FiniteMap g, int left) {
    List<int[]> pairs = new ArrayList<>();
    for (int a = 0; a < f.domain(); a++) {
      for (int b = 0; b < g.domain(); b++) {
        if (f.apply(a) == g.apply(b)) {
          pairs.add(new int[] {a, b});
        }
      }
    }
    List<int[]> kept = pairs.subList(Math.min(left, pairs.size()), pairs.size());
    return new FiniteMap[] {
      FiniteMap.of(f.domain(), kept.stream().mapToInt(pair -> pair[0]).toArray()),
      FiniteMap.of(g.domain(), kept.stream().mapToInt(pair -> pair[1]).toArray())
    };
  }

  private static boolean commutes(Bundle below, FiniteMap f, FiniteMap g, FiniteMap[] corner, Section onA) {
    Section around = onA.pushForward(f, below).pullback(g);
    return onA.pullback(corner[0]).pushForward(corner[1], below.pullback(g)).equals(around);
  }

  @Test
  void pullbackSquaresCommuteAndOthersDoNot_A5() {
    int[] broken = {0};
    draws(
        "A5",
        stream -> {
          FiniteMap f = map(stream, 5, 3);
          FiniteMap g = map(stream, 4, 3);
          // Without dimension 0, so that a missing pair is always missed.
          Bundle below = Bundle.of(Space.real(), Space.of(2), Space.of(3));
          Section onA = section(stream, below.pullback(f));
          FiniteMap[] corner = square(f, g, 0);
          assertThat(commutes(below, f, g, corner, onA)).isTrue();
          if (corner[0].domain() > 0) {
            assertThat(commutes(below, f, g, square(f, g, 1), onA)).isFalse();
            broken[0]++;
          }
        });
    assertThat(broken[0]).isGreaterThan(900);
  }

  @Test
  void whatDoesNotFitIsRefusedInOneSentence() {
    Bundle bundle = Bundle.of(Space.real(), Space.of(2));
    assertThatThrownBy(() -> FiniteMap.of(2, 0, 2)).hasMessage("images[1] is 2; it must be from 0 to 1.");
    assertThatThrownBy(() -> bundle.pullback(FiniteMap.of(3, 0)))
        .hasMessage("the codomain of the map is 3; it must be 2, the set of the bundle.");
    assertThatThrownBy(() -> Section.of(bundle, 1, 2))
        .hasMessage("the number of values is 2; it must be 3, the dimension of the bundle.");
    assertThatThrownBy(() -> Section.of(bundle, 1, 2, 3).pushForward(FiniteMap.of(1, 0, 0), Bundle.of(Space.real())))
        .hasMessageContaining("the pullback of the one below");
    assertThatThrownBy(() -> Space.of(3, -1)).hasMessage("a size of a space is -1; it must be at least 0.");
    assertThatThrownBy(() -> Space.of(1 << 20, 1 << 20)).hasMessageContaining("the dimension of a space");
  }
}
