package org.liftgrad.lift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.liftgrad.lift.EdgeLaw.bernoulli;
import static org.liftgrad.lift.EdgeLaw.bernoulliByTargets;
import static org.liftgrad.lift.EdgeLaw.diagonal;
import static org.liftgrad.lift.EdgeLaw.distinctInDegree;
import static org.liftgrad.lift.EdgeLaw.full;
import static org.liftgrad.lift.EdgeLaw.inDegree;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.liftgrad.kernel.Workers;
import org.liftgrad.statistics.Binomial;
import org.liftgrad.statistics.ChiSquared;
import org.liftgrad.statistics.Line;
import org.liftgrad.statistics.Proportion;

/** Lifted edges, and the laws they are drawn from: the contract of all, and what each one says. */
class EdgeLawTest {

  static List<EdgeLaw> laws() {
    return List.of(
        inDegree(1), inDegree(3), inDegree(40), distinctInDegree(1), distinctInDegree(3), distinctInDegree(60),
        bernoulli(0.5), bernoulli(3), bernoulli(70), bernoulliByTargets(3), full());
  }

  private static void isSorted(Edges edges) {
    assertThat(edges.first(0)).isZero();
    assertThat(edges.first(edges.targets())).isEqualTo(edges.count());
    boolean sorted = true;
    for (int v = 0; v < edges.targets(); v++) {
      for (int e = edges.first(v); e < edges.first(v + 1); e++) {
        sorted &= edges.source(e) >= 0 && edges.source(e) < edges.sources() && edges.target(e) == v;
        sorted &= e == edges.first(v) || edges.source(e - 1) <= edges.source(e);
      }
    }
    assertThat(sorted).isTrue();
  }

  @ParameterizedTest
  @MethodSource("laws")
  void edgesAreSortedAndHaveTheirSourceInTheFibre(EdgeLaw law) {
    isSorted(law.draw(60, 1, 1, 0));
    isSorted(law.draw(60, 2500, 1, 0));
    isSorted(law.draw(300, 70, 2, 0));
  }

  @ParameterizedTest
  @MethodSource("laws")
  void edgesBySourceAreTheSameEdges(EdgeLaw law) {
    Edges edges = law.draw(70, 900, 3, 1);
    Edges.BySource bySource = edges.bySource();
    int[] degrees = edges.outDegrees();
    boolean[] seen = new boolean[edges.count()];
    boolean same = true;
    for (int u = 0; u < 70; u++) {
      same &= bySource.first(u + 1) - bySource.first(u) == degrees[u];
      for (int place = bySource.first(u); place < bySource.first(u + 1); place++) {
        int edge = bySource.edge(place);
        same &= edges.source(edge) == u && edges.target(edge) == bySource.target(place) && !seen[edge];
        same &= place == bySource.first(u) || bySource.target(place - 1) <= bySource.target(place);
        seen[edge] = true;
      }
    }
    assertThat(same).isTrue();
    assertThat(edges.bytes() + bySource.bytes()).isLessThan(24L * edges.count() + 10_000);
  }

  @ParameterizedTest
  @MethodSource("laws")
  void theSameAddressGivesTheSameEdgesOnAnyNumberOfThreads(EdgeLaw law) {
    Edges parallel = law.draw(80, 5000, 5, 2);
    assertThat(Workers.serially(() -> law.draw(80, 5000, 5, 2))).isEqualTo(parallel);
    boolean random = !(law instanceof EdgeLaw.Full);
    assertThat(law.draw(80, 5000, 6, 2).equals(parallel)).isEqualTo(!random);
    assertThat(law.draw(80, 5000, 5, 3).equals(parallel)).isEqualTo(!random);
  }

  @ParameterizedTest
  @MethodSource("laws")
  void moreTargetsBeginWithTheSameEdges(EdgeLaw law) {
    if (law.equals(bernoulliByTargets(3))) {
      return;
    }
    Edges few = law.draw(80, 3000, 5, 2);
    Edges many = law.draw(80, 7000, 5, 2);
    boolean same = true;
    for (int e = 0; e < few.count(); e++) {
      same &= many.source(e) == few.source(e);
    }
    assertThat(same).isTrue();
    assertThat(many.first(3000)).isEqualTo(few.count());
  }

  @ParameterizedTest
  @MethodSource("laws")
  void grownFibresKeepTheEdgesTheyHad(EdgeLaw law) {
    Edges before = law.draw(60, 500, 5, 2);
    Edges grown = law.grow(before, 120, 4000, 5, 2);
    isSorted(grown);
    assertThat(grown.sources()).isEqualTo(120);
    assertThat(grown.targets()).isEqualTo(4000);
    int newSources = 0;
    boolean kept = true;
    for (int v = 0; v < 4000; v++) {
      int at = grown.first(v);
      for (int e = before.first(Math.min(v, 500)); v < 500 && e < before.first(v + 1); e++) {
        kept &= grown.source(at++) == before.source(e);
      }
      kept &= v >= 500 || law instanceof EdgeLaw.Full || at == grown.first(v + 1);
      for (int e = grown.first(Math.max(v, 500)); v >= 500 && e < grown.first(v + 1); e++) {
        newSources += grown.source(e) >= 60 ? 1 : 0;
      }
    }
    assertThat(kept).isTrue();
    // New targets read old and new sources alike: half of theirs are new, by seven standard deviations.
    int ofNew = grown.count() - grown.first(500);
    assertThat(newSources).isCloseTo(ofNew / 2, within((int) (4 * Math.sqrt(ofNew)) + 1));
    // And they do not repeat the draws of the old ones.
    Edges fresh = law.draw(120, 3500, 5, 2);
    assertThat(law instanceof EdgeLaw.Full || grown.source(grown.first(500)) != fresh.source(0)
            || grown.source(grown.first(500) + 1) != fresh.source(1) || grown.source(grown.first(500) + 2) != fresh.source(2))
        .isTrue();
  }

  // ---- what each law says

  @Test
  void fixedInDegreesAreFixedAndDistinctParentsDistinct() {
    Edges edges = distinctInDegree(5).draw(7, 4000, 1, 0);
    boolean distinct = true;
    for (int v = 0; v < 4000; v++) {
      distinct &= edges.inDegree(v) == 5;
      for (int e = edges.first(v) + 1; e < edges.first(v + 1); e++) {
        distinct &= edges.source(e) > edges.source(e - 1);
      }
    }
    assertThat(distinct).isTrue();
    assertThat(distinctInDegree(7).draw(7, 3, 1, 0)).isEqualTo(full().draw(7, 3, 1, 0));
    assertThat(bernoulli(8).draw(7, 3, 1, 0)).isEqualTo(full().draw(7, 3, 1, 0));
    assertThat(inDegree(3).draw(1, 4, 1, 0).count()).isEqualTo(12);
  }

  /** All 35 subsets, or 28 pairs with repetition. Four tests at 0.001. */
  @Test
  void parentsAreUniform() {
    double[] subsets = new double[35];
    Arrays.fill(subsets, 1.0 / 35);
    long[] seen = new long[35];
    Edges edges = distinctInDegree(3).draw(7, 70_000, 11, 0);
    for (int v = 0; v < edges.targets(); v++) {
      int a = edges.source(edges.first(v));
      int b = edges.source(edges.first(v) + 1);
      int c = edges.source(edges.first(v) + 2);
      // The combinatorial number system.
      seen[a + b * (b - 1) / 2 + c * (c - 1) * (c - 2) / 6]++;
    }
    assertThat(ChiSquared.goodnessOfFit(subsets, seen).pValue()).isGreaterThan(0.001);

    double[] pairs = new double[28];
    long[] pairsSeen = new long[28];
    Edges two = inDegree(2).draw(7, 70_000, 11, 0);
    for (int a = 0; a < 7; a++) {
      for (int b = a; b < 7; b++) {
        pairs[a + b * (b + 1) / 2] = (a == b ? 1 : 2) / 49.0;
      }
    }
    for (int v = 0; v < two.targets(); v++) {
      int a = two.source(two.first(v));
      int b = two.source(two.first(v) + 1);
      pairsSeen[a + b * (b + 1) / 2]++;
    }
    assertThat(ChiSquared.goodnessOfFit(pairs, pairsSeen).pValue()).isGreaterThan(0.001);
  }

  /** Three tests at 0.001. */
  @Test
  void bernoulliDegreesAreBinomial_E1() {
    for (int size : new int[] {5, 1000, 20_000}) {
      Edges edges = bernoulli(3).draw(size, 20_000, 5, 0);
      Binomial binomial = new Binomial(size, 3.0 / size);
      int top = size == 5 ? 5 : 10;
      double[] expected = new double[top + 1];
      long[] seen = new long[top + 1];
      for (int degree = 0; degree < top; degree++) {
        expected[degree] = binomial.exactly(degree);
      }
      expected[top] = binomial.atLeast(top);
      for (int v = 0; v < edges.targets(); v++) {
        seen[Math.min(top, edges.inDegree(v))]++;
      }
      assertThat(ChiSquared.goodnessOfFit(expected, seen).pValue()).isGreaterThan(0.001);
    }
  }

  /** One test at 0.001. */
  @Test
  void bernoulliByTargetsHasBinomialOutDegrees_E1() {
    Edges edges = bernoulliByTargets(3).draw(20_000, 500, 5, 0);
    Binomial binomial = new Binomial(500, 3.0 / 500);
    double[] expected = new double[11];
    long[] seen = new long[11];
    for (int degree = 0; degree < 10; degree++) {
      expected[degree] = binomial.exactly(degree);
    }
    expected[10] = binomial.atLeast(10);
    for (int degree : edges.outDegrees()) {
      seen[Math.min(10, degree)]++;
    }
    assertThat(ChiSquared.goodnessOfFit(expected, seen).pValue()).isGreaterThan(0.001);
  }

  @Test
  void edgesGrowLikeTheWidthAndNotLikeItsSquare_E1() {
    double[] widths = {1000, 10_000, 100_000};
    for (EdgeLaw law : List.of(inDegree(3), bernoulli(3))) {
      double[] counts =
          Arrays.stream(widths).map(n -> law.draw((int) n, (int) n, 1, 0).count()).toArray();
      assertThat(Line.logLog(widths, counts).slope()).isCloseTo(1, within(0.02));
    }
    double[] dense = Arrays.stream(new double[] {10, 100, 1000}).map(n -> full().draw((int) n, (int) n, 1, 0).count()).toArray();
    assertThat(Line.logLog(new double[] {10, 100, 1000}, dense).slope()).isCloseTo(2, within(1e-12));
  }

  @Test
  void outDegreesStayUnderTheirBound_E2() {
    double failure = 0.05;
    for (int width : new int[] {1000, 10_000}) {
      double bound = Math.max(Math.exp(2) * 2, Math.log(width / failure));
      int draws = 100;
      int violations = 0;
      for (int draw = 0; draw < draws; draw++) {
        int most = Arrays.stream(inDegree(2).draw(width, width, draw, 0).outDegrees()).max().orElseThrow();
        violations += most > bound ? 1 : 0;
      }
      assertThat(new Proportion(violations, draws).lowerBound(0.999)).isLessThanOrEqualTo(failure);
    }
  }

  // ---- edges as given

  @Test
  void edgesInAnyOrderAreSorted() {
    Edges edges = Edges.of(3, 4, new int[] {2, 0, 2, 1, 2}, new int[] {3, 1, 1, 1, 3});
    isSorted(edges);
    assertThat(edges.count()).isEqualTo(5);
    assertThat(edges.inDegree(0)).isZero();
    assertThat(edges.inDegree(1)).isEqualTo(3);
    assertThat(edges.inDegree(2)).isZero();
    // Parallel edges stay two.
    assertThat(edges.inDegree(3)).isEqualTo(2);
    assertThat(edges.mostInDegree()).isEqualTo(3);
    assertThat(edges.outDegrees()).containsExactly(1, 1, 3);
    assertThat(edges).isEqualTo(Edges.of(3, 4, new int[] {1, 2, 0, 2, 2}, new int[] {1, 3, 1, 3, 1}));
    assertThat(edges).hasSameHashCodeAs(Edges.of(3, 4, new int[] {1, 2, 0, 2, 2}, new int[] {1, 3, 1, 3, 1}));
    assertThat(edges).isNotEqualTo(Edges.of(3, 5, new int[] {1, 2, 0, 2, 2}, new int[] {1, 3, 1, 3, 1}));
    assertThat(edges).hasToString("5 edges from 3 to 4");
    isSorted(Edges.of(2, 2, new int[0], new int[0]));
  }

  @Test
  void whatMakesNoSenseIsRefused() {
    assertThatThrownBy(() -> inDegree(0)).hasMessage("the in-degree is 0; it must be at least 1.");
    assertThatThrownBy(() -> bernoulli(0)).hasMessage("the mean degree is 0.0; it must be a finite number above 0.");
    assertThatThrownBy(() -> bernoulli(Double.NaN)).hasMessageContaining("the mean degree is NaN");
    assertThatThrownBy(() -> inDegree(2).draw(0, 3, 1, 0))
        .hasMessage("the size of the fibre of sources is 0; it must be at least 1.");
    assertThatThrownBy(() -> full().draw(3, 0, 1, 0))
        .hasMessage("the size of the fibre of targets is 0; it must be at least 1.");
    assertThatThrownBy(() -> distinctInDegree(4).draw(3, 3, 1, 0))
        .hasMessage(
            "the in-degree is 4; it must be at most the size of the fibre of sources, 3, where parents are distinct.");
    assertThatThrownBy(() -> diagonal().draw(3, 4, 1, 0))
        .hasMessage(
            "the size of the fibre of targets is 4; it must be that of the fibre of sources, 3, as edges are diagonal.");
    assertThatThrownBy(() -> inDegree(30_000).draw(3, 100_000, 1, 0))
        .hasMessage("the number of edges is 3000000000; it must be at most 2147483639.");
    assertThatThrownBy(() -> bernoulli(30_000).draw(100_000, 100_000, 1, 0))
        .hasMessage("the number of edges to expect is 3.0E9; it must be at most 2147483639.");
    assertThatThrownBy(() -> inDegree(2).grow(inDegree(2).draw(5, 5, 1, 0), 4, 6, 1, 0))
        .hasMessage("the size of the grown fibre of sources is 4; it must be at least 5.");
    assertThatThrownBy(() -> Edges.of(2, 2, new int[] {0}, new int[] {0, 1}))
        .hasMessage("the number of targets given is 2; it must be that of sources, 1.");
    assertThatThrownBy(() -> Edges.of(2, 2, new int[] {0, 2}, new int[] {0, 1}))
        .hasMessage("the source of edge 1 is 2; it must be from 0 to 1.");
    assertThatThrownBy(() -> Edges.of(2, 2, new int[] {0, 1}, new int[] {0, -1}))
        .hasMessage("the target of edge 1 is -1; it must be from 0 to 1.");
    assertThatThrownBy(() -> inDegree(2).draw(5, 5, 1, 0).target(10))
        .hasMessage("edge is 10; it must be from 0 to 9.");
  }
}
