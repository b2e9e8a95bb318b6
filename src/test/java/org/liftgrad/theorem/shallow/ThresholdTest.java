package org.liftgrad.theorem.shallow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.liftgrad.theorem.shallow.Threshold.Search;

class ThresholdTest {

  private static final double[] SIZES = {10, 20, 30, 40};

  /** By size: how many of four runs come to the goal, those with the smallest numbers. */
  private static boolean[][] converged(int... counts) {
    boolean[][] converged = new boolean[counts.length][4];
    for (int size = 0; size < counts.length; size++) {
      for (int run = 0; run < counts[size]; run++) {
        converged[size][run] = true;
      }
    }
    return converged;
  }

  @Test
  void theMeanSizeAtWhichRunsBeginToFailIsTheAreaUnderTheirShare() {
    Threshold mean = new Threshold.Mean(SIZES, converged(4, 4, 2, 0));
    assertThat(mean.ofAll(4)).isEqualTo(10 + 10 * (1 + 0.75 + 0.25));
    assertThat(mean.of(new int[] {0, 0, 0, 0})).as("a run that comes to the goal at 30").isEqualTo(35);
    assertThat(mean.of(new int[] {3, 3})).as("a run that does not").isEqualTo(25);
    assertThat(mean.cutOff()).isFalse();
  }

  @Test
  void aMeanIsCutOffWhereRunsSucceedAtTheLargestSizeOrMostFailAtTheSmallest() {
    assertThat(new Threshold.Mean(SIZES, converged(4, 4, 4, 1)).cutOff()).isTrue();
    assertThat(new Threshold.Mean(SIZES, converged(1, 0, 0, 0)).cutOff()).isTrue();
    assertThat(new Threshold.Mean(SIZES, converged(3, 2, 1, 0)).cutOff()).isFalse();
    assertThat(new Threshold.Mean(SIZES, converged(3, 2, 1, 0)).note()).isEmpty();
    assertThat(new Threshold.Mean(SIZES, converged(4, 4, 4, 4)).note()).contains("cut off");
  }

  @Test
  void theCurveThroughAGridCrossesHalfWhereItsSharesDo() {
    Threshold grid = new Threshold.Grid(SIZES, converged(4, 3, 1, 0));
    assertThat(grid.ofAll(4)).as("by symmetry").isCloseTo(25, within(1e-6));
    assertThat(grid.cutOff()).isFalse();
  }

  @Test
  void aGridIsCutOffWhereItsCurveLeavesTheSizes() {
    assertThat(new Threshold.Grid(SIZES, converged(4, 4, 4, 4)).ofAll(4)).isEqualTo(40);
    assertThat(new Threshold.Grid(SIZES, converged(4, 4, 4, 4)).cutOff()).isTrue();
    assertThat(new Threshold.Grid(SIZES, converged(0, 0, 0, 0)).cutOff()).isTrue();
    assertThat(new Threshold.Grid(SIZES, converged(4, 4, 4, 3)).cutOff()).isTrue();
  }

  @Test
  void bisectionEndsBetweenASizeThatSucceedsAndOneThatFails() {
    Search found = Threshold.search(10, 400, points -> points <= 57);
    assertThat(found.within()).isTrue();
    assertThat(found.points()).isBetween(57 / 1.06, 58 * 1.06);
    assertThat(found.trainings()).as("halvings of log 40 until a factor of %s", Threshold.RESOLUTION).isBetween(6, 8);
    assertThat(Threshold.search(10, 400, points -> true).within()).isFalse();
    assertThat(Threshold.search(10, 400, points -> false).within()).isFalse();
  }

  @Test
  void bisectionsAreCutOffWhereHalfOfThemEndAtAnEndOfTheirRange() {
    Search inside = new Search(50, 6, true);
    Search outside = new Search(390, 6, false);
    assertThat(new Threshold.Bisected(List.of(inside, inside, outside)).ofAll(3)).isEqualTo(50);
    assertThat(new Threshold.Bisected(List.of(inside, inside, outside)).cutOff()).isFalse();
    assertThat(new Threshold.Bisected(List.of(inside, outside)).cutOff()).isTrue();
  }
}
