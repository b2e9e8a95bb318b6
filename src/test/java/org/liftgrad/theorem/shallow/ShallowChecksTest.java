package org.liftgrad.theorem.shallow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.liftgrad.statistics.Proportion;
import org.liftgrad.theorem.Catalogue;
import org.liftgrad.theorem.Check;
import org.liftgrad.theorem.CheckResult;
import org.liftgrad.theorem.ChecksContract;
import org.liftgrad.theorem.Parameters;
import org.liftgrad.theorem.Row;
import org.liftgrad.theorem.RunSettings;
import org.liftgrad.theorem.Scale;
import org.liftgrad.theorem.Verdict;

class ShallowChecksTest implements ChecksContract {

  private static final Map<String, List<String>> SMALL =
      Map.ofEntries(
          Map.entry("shallow/L1a", List.of("runs=6", "tolerances=1e-6,1e-12")),
          Map.entry("shallow/L1b", List.of("points=10", "runs=30")),
          Map.entry("shallow/L1c", List.of("runs=2")),
          Map.entry("shallow/PLa", List.of("points=10", "runs=6")),
          Map.entry("shallow/PLb", List.of("points=5,10", "runs=8")),
          Map.entry("shallow/PLc", List.of("points=5,10", "runs=8")),
          Map.entry("shallow/PLd", List.of("points=5,10", "runs=12")),
          Map.entry("shallow/PLe", List.of("points=5,10", "runs=8")),
          Map.entry("shallow/W1", List.of("points=10,100", "draws=4000")),
          Map.entry("shallow/W2", List.of("points=10", "draws=4000")),
          Map.entry("shallow/W3", List.of("neurons=6,10", "runs=60")),
          Map.entry("shallow/C1a", List.of("points=20,40", "drawnPoints=10,30")),
          Map.entry("shallow/C1b", List.of("points=40,160", "dimensionFactors=50,100")),
          Map.entry("shallow/C1c", List.of("points=10")),
          Map.entry("shallow/T1a", List.of("points=10", "dimensionFactors=16", "epsilons=0.2", "widths=theorem", "runs=120")),
          Map.entry("shallow/T1b", List.of("points=5,10", "dimensionFactors=4", "epsilons=0.2", "runs=25")),
          Map.entry("shallow/T1c", List.of("dimensionFactors=16", "epsilons=0.2", "scales=0.01,3", "runs=120")),
          Map.entry("shallow/O1a", List.of("points=25,50", "runs=4")),
          Map.entry("shallow/O1b", List.of("points=25,50", "runs=4")),
          Map.entry("shallow/O1c", List.of("points=16,64", "runs=12")),
          Map.entry("shallow/P2a", List.of("runs=50")),
          Map.entry("shallow/P2b", List.of("points=32,64,128", "runs=4", "alphas=0.5,0.75,1")),
          Map.entry("shallow/T2a", List.of()),
          Map.entry("shallow/T2b", List.of("points=100", "runs=2")),
          Map.entry("shallow/T2c", List.of()),
          Map.entry("shallow/T2d", List.of()),
          Map.entry("shallow/P3a", List.of("neurons=1,2", "runs=2")),
          Map.entry("shallow/F1", List.of("cells=200000")),
          Map.entry("shallow/T1d", List.of("points=8", "runs=3")),
          Map.entry("shallow/T1e", List.of("points=16", "runs=3")),
          Map.entry("shallow/P3b", List.of("runs=150")),
          Map.entry("shallow/B7", List.of("points=16", "runs=3")),
          Map.entry("shallow/B8", List.of("points=8", "runs=3")),
          Map.entry("shallow/B2", List.of("scales=0.3,30", "runs=25")),
          Map.entry("shallow/B5", List.of("activations=leaky0.5,u^2,u^3,gelu", "neurons=1,4", "runs=6")),
          Map.entry("shallow/E2", List.of("points=16,32", "runs=40")),
          Map.entry("shallow/E2b", List.of("points=8,32", "runs=16", "dimensionFactors=1")),
          Map.entry("shallow/E2c", List.of("points=64", "runs=25")),
          Map.entry("shallow/E2d", List.of("points=64,256", "runs=20")),
          Map.entry("shallow/E1a", List.of("points=1300", "runs=2")),
          Map.entry("shallow/E1b", List.of("runs=6")),
          Map.entry("shallow/E1c", List.of("neurons=20,40", "runs=6")),
          Map.entry("shallow/E1d", List.of("caps=3,10", "multiples=2,3,4,5,6,8")),
          Map.entry("shallow/E1e", List.of("correlatedPoints=15", "by=flow")),
          Map.entry("shallow/E1f", List.of("points=1300", "runs=1")),
          Map.entry("shallow/B3", List.of("points=8,32", "widthFactors=1", "runs=4")),
          Map.entry("shallow/P2c", List.of("starts=margin", "points=16,32", "noises=1e-8", "runs=2")),
          Map.entry("shallow/T2e", List.of()),
          Map.entry("shallow/P3c", List.of("points=10", "runs=12")),
          Map.entry("shallow/B6", List.of("points=10", "shares=0.5,1", "runs=80")),
          Map.entry("shallow/B1", List.of()),
          Map.entry("shallow/B17", List.of("ratios=1,3", "runs=4")),
          Map.entry("shallow/B4", List.of("points=16,32", "runs=3")),
          Map.entry("shallow/B9", List.of("points=8", "runs=2")),
          Map.entry("shallow/B10", List.of("points=8,32", "runs=10", "testPoints=20")),
          Map.entry("shallow/B11", List.of("points=8,16", "runs=4")),
          Map.entry("shallow/B12", List.of("widths=4,8", "runs=3", "steps=500")),
          Map.entry("shallow/B13", List.of("points=8", "runs=6")),
          Map.entry("shallow/B18", List.of("ratios=1,3", "runs=3", "testPoints=100")),
          Map.entry("shallow/B14", List.of("points=8", "runs=2")),
          Map.entry("shallow/B15", List.of()),
          Map.entry("shallow/B16", List.of("points=8", "data=orthogonal", "runs=2")));

  @Override
  public List<Check> checks() {
    return ShallowCatalogue.checks();
  }

  @Override
  public Map<String, List<String>> small() {
    return SMALL;
  }

  @Override
  public Map<String, Expected> exceptions() {
    String steeper = "at n in the tens and hundreds the rate falls faster than 1/√n at every width of the small plan";
    return Map.of(
        "shallow/E1b", new Expected(Verdict.FAILS, Verdict.FAILS, "N grows faster than d, as the published thresholds do"),
        "shallow/E1d", new Expected(Verdict.FAILS, Verdict.FAILS, "N has not settled at the authors' cap, nor at three of them"),
        "shallow/E2", new Expected(Verdict.FAILS, Verdict.FAILS, steeper),
        "shallow/E2b", new Expected(Verdict.FAILS, Verdict.FAILS, steeper),
        "shallow/E2d", new Expected(Verdict.FAILS, Verdict.FAILS, steeper));
  }

  /** Their rules fail with and without it, so what the control does is looked at by itself: labels over n^¼ take ¼ away. */
  @ParameterizedTest
  @CsvSource({"shallow/E2, rate", "shallow/E2d, descent μ(t∞)", "shallow/E2d, flow (2/n) λ_min"})
  void theControlOfTheConjectureMovesTheExponent(String id, String column) {
    Check check = Catalogue.standard().check(id);
    RunSettings settings = small(id).set("points=64,256").set("runs=30");
    settings = id.equals("shallow/E2") ? settings.set("widths=p1") : settings;
    CheckResult controlled = check.run(settings.withControl());
    assertThat(exponent(controlled, column) - exponent(check.run(settings), column)).as(id).isBetween(-0.4, -0.15);
    assertThat(controlled.outsideTheAssumptions()).hasSize(1);
  }

  /** The others whose rule fails with and without it: the quantity moves the way the control should move it. */
  @ParameterizedTest
  @CsvSource({"shallow/E1b, 0.25, 1", "shallow/E2b, -0.5, -0.1"})
  void theControlOfARuleThatFailsMovesTheExponent(String id, double least, double most) {
    Check check = Catalogue.standard().check(id);
    CheckResult controlled = check.run(small(id).withControl());
    assertThat(controlled.measured() - check.run(small(id)).measured()).as(id).isBetween(least, most);
  }

  /** Without the factor p every horizon is 1/p as long, and fewer runs come to an end in it. */
  @Test
  void theControlOfTheHorizonsLetsFewerRunsConverge() {
    Check check = Catalogue.standard().check("shallow/E1d");
    Proportion usual = Row.share(check.run(small("shallow/E1d")).rows(), "converged");
    Proportion controlled = Row.share(check.run(small("shallow/E1d").withControl()).rows(), "converged");
    assertThat(controlled.exactTestAgainst(usual).pValue()).as(controlled + " against " + usual).isLessThan(0.001);
    assertThat(controlled.estimate()).isLessThan(usual.estimate());
  }

  /** At d = 10 the flow learns every size of this plan of E1d, descent none from 9 d on, and one neuron none of E1c. */
  @ParameterizedTest
  @CsvSource(delimiter = ';', value = {
    "shallow/E1d; by=flow; multiples=2,3,4,5,6,8; caps=3,10", "shallow/E1d; by=descent; multiples=9,10; caps=3,10",
    "shallow/E1c; by=descent; neurons=1,40; runs=8"
  })
  void aThresholdThatTheSizesCutOffIsNotJudged(String id, String one, String two, String three) {
    CheckResult result = Catalogue.standard().check(id).run(RunSettings.quick().set(one).set(two).set(three));
    assertThat(result.toString()).contains("cut off by the sizes").doesNotContain("No verdict");
    assertThat(result.verdict()).as(result.toString()).isEqualTo(Verdict.REPORTED);
  }

  @ParameterizedTest
  @CsvSource(delimiter = ';', value = {
    "shallow/E2; points=8,16; weightScales=3; runs=2; Assumption 1, |a_j| ≥ ‖w_j‖, as weights are multiplied by 3",
    "shallow/E2d; points=16,32; weightScale=2; runs=2; Assumption 1, |a_j| ≥ ‖w_j‖, as weights are multiplied by 2",
    "shallow/E2b; points=8,16; dimensionFactors=0.5; runs=2; with d = 0.5 n²",
    "shallow/T2a; targets=1,1; n=1e6,1e12,1e18; fraction=0.1; two are equal",
    "shallow/T2c; targets=1,1; n=1e6,1e12,1e18; fraction=0.1; two are equal"
  })
  void aPlanOutsideTheAssumptionsIsRunAndSaysWhichOneAndByHowMuch(
      String id, String one, String two, String three, String mark) {
    CheckResult result = Catalogue.standard().check(id).run(small(id).set(one).set(two).set(three));
    assertThat(result.outsideTheAssumptions()).as(result.toString()).singleElement().asString().contains(mark);
  }

  @Test
  void experimentOneTwoCanBeRunOnTheAuthorsGrid() {
    CheckResult result =
        Catalogue.standard().check("shallow/E1c")
            .run(RunSettings.quick().set("search=grid").set("dimensions=10").set("neurons=20,40").set("runs=2"));
    assertThat(result.rows()).hasSize(2 * 41 * 2);
    assertThat(result.rows()).extracting(row -> row.whole("points")).contains(30L, 33L, 150L).doesNotContain(27L, 153L);
  }

  private static double exponent(CheckResult result, String column) {
    double[] means = new double[2];
    for (Row row : result.rows()) {
      means[row.whole("points") == 64 ? 0 : 1] += Math.log(row.number(column)) / 30;
    }
    return (means[1] - means[0]) / Math.log(4);
  }

  @Test
  void theConjectureIsJudgedRegimeByRegimeAndOneSizeIsReported() {
    Check check = Catalogue.standard().check("shallow/E2");
    Parameters paper = check.plan(Scale.PAPER);
    assertThat(Arrays.stream(paper.wholes("points")).boxed()).containsExactly(128, 256, 512, 1024, 2048);
    assertThat(paper.words("widths")).containsExactly("p1", "4p1", "300");
    assertThat(paper.whole("runs")).isEqualTo(200);
    CheckResult two = check.run(small("shallow/E2").set("widths=p1,n^0.25p1").set("weightScales=0.01,1").set("runs=20"));
    assertThat(two.explanation()).contains("of 4 regimes").contains("p1, W × 1: μ goes as").contains("n^0.25p1, W × 0.01: μ goes as");
    CheckResult one = check.run(small("shallow/E2").set("points=16").set("runs=3"));
    assertThat(one.verdict()).isEqualTo(Verdict.REPORTED);
    assertThat(one.rows()).hasSize(6);
  }

  @Test
  void theControlOfConservationFlipsSigns() {
    CheckResult controlled =
        Catalogue.standard().check("shallow/L1b").run(small("shallow/L1b").withControl());
    assertThat(controlled.measured()).as("readouts that changed their sign").isGreaterThanOrEqualTo(1);
    assertThat(controlled.outsideTheAssumptions()).hasSize(1);
  }

  /** At a kink there is nothing to linearise: law S is shown, and does not decide. */
  @Test
  void theLimitOfDescentIsReportedOnLawS() {
    CheckResult result =
        Catalogue.standard()
            .check("shallow/B3")
            .run(RunSettings.quick().set("data=group,lawS").set("points=8").set("widthFactors=1").set("runs=3"));
    assertThat(result.verdict()).as(result.toString()).isEqualTo(Verdict.HOLDS);
    assertThat(result.explanation()).contains("On law S").contains("reported only").contains("law S: one size only");
    assertThat(result.rows().stream().filter(row -> row.text("data").equals("law S")))
        .hasSize(3)
        .allSatisfy(row -> assertThat(row.number("found over predicted")).isBetween(0.5, 2.0));
    CheckResult alone =
        Catalogue.standard()
            .check("shallow/B3")
            .run(RunSettings.quick().set("data=lawS").set("points=8").set("widthFactors=1").set("runs=2"));
    assertThat(alone.verdict()).as("no run that decides").isEqualTo(Verdict.REPORTED);
  }

  @Test
  void aPlanOutsideTheAssumptionsIsRunAndMarked() {
    CheckResult result =
        Catalogue.standard()
            .check("shallow/T1b")
            .run(RunSettings.quick().set("points=10").set("dimensionFactors=0.5").set("runs=2"));
    assertThat(result.outsideTheAssumptions()).singleElement().asString().contains("Assumption 2").contains("0.5 n²");
  }

  @Test
  void thePlansOfTheFileAreThoseOfScalePaper() {
    Parameters t1a = Catalogue.standard().check("shallow/T1a").plan(Scale.PAPER);
    assertThat(t1a.wholes("points")).containsExactly(10, 20, 40, 80);
    assertThat(t1a.numbers("epsilons")).containsExactly(0.05, 0.2);
    assertThat(t1a.numbers("dimensionFactors")).containsExactly(1, 16);
    assertThat(t1a.whole("runs")).isEqualTo(400);
    Parameters w1 = Catalogue.standard().check("shallow/W1").plan(Scale.PAPER);
    assertThat(w1.wholes("points")).containsExactly(10, 100, 1000, 10_000);
    assertThat(w1.whole("draws")).isEqualTo(10_000);
    Parameters w3 = Catalogue.standard().check("shallow/W3").plan(Scale.PAPER);
    assertThat(Arrays.stream(w3.wholes("neurons")).boxed()).containsExactly(6, 10, 16, 24);
    assertThat(w3.whole("runs")).isEqualTo(1000);
  }

  /** In the span of their groups neurons stand on the kinks of all other points, and noise of any size changes the rate. */
  @Test
  void noiseOfAnySizeChangesARateInTheSpan() {
    CheckResult result =
        Catalogue.standard()
            .check("shallow/P2c")
            .run(RunSettings.quick().set("starts=span").set("alphas=0.75").set("points=16,64").set("noises=1e-10,1e-6").set("runs=2"));
    assertThat(result.verdict()).as(result.toString()).isEqualTo(Verdict.FAILS);
    assertThat(result.rows().stream().filter(row -> row.whole("points") == 64))
        .allSatisfy(row -> assertThat(row.number("rate over its limit")).isLessThan(0.9));
    for (int k = 0; k < 2; k++) {
      // The same start and noise: a size of 1e-10 or 1e-6 makes no difference.
      assertThat(result.rows().get(k).number("rate")).isCloseTo(result.rows().get(4 + k).number("rate"), within(1e-4));
    }
  }

  @Test
  void constructedMinimaSatisfyAssumptionOneAndAreNoGoodStarts() {
    CheckResult result = Catalogue.standard().check("shallow/B14").run(small("shallow/B14"));
    assertThat(result.rows().stream().filter(row -> !row.text("kind").equals("good start")))
        .hasSize(8)
        .allSatisfy(
            row -> {
              assertThat(row.yes("Assumption 1")).isTrue();
              assertThat(row.yes("well initialised")).isFalse();
              assertThat(row.number("loss said")).isGreaterThan(0.01);
            });
  }

  /** Theory file, 4.5: a drop's share of the time is 7.376/log n, so that some 0.07 log n groups fit into a factor of two. */
  @Test
  void theNumberOfGroupsThatStayApartGrowsWithTheLogarithm() {
    CheckResult result = Catalogue.standard().check("shallow/T2e").run(RunSettings.quick().set("points=1e40,1e160"));
    assertThat(result.measured()).isCloseTo(1, within(0.15));
    CheckResult controlled = Catalogue.standard().check("shallow/T2e").run(RunSettings.quick().set("points=1e40,1e160").withControl());
    assertThat(controlled.measured()).isZero();
  }

  /** The control makes all widths equal, and so are the runs. */
  @Test
  void thresholdsOfTheSameRunsAreTheSame() {
    CheckResult controlled = Catalogue.standard().check("shallow/B17").run(small("shallow/B17").withControl());
    assertThat(controlled.measured()).isZero();
  }

  @Test
  void aPartOfAnExperimentIsJudgedByItself() {
    Check check = Catalogue.standard().check("shallow/E1a");
    Parameters paper = check.plan(Scale.PAPER);
    assertThat(Arrays.stream(paper.wholes("points")).boxed()).hasSize(17).startsWith(1300).endsWith(2100);
    assertThat(paper.whole("runs")).isEqualTo(80);
    assertThat(check.assurance(Scale.PAPER).reason()).contains("the threshold is off with probability");
    Parameters two = paper.with("points", "1300,1350");
    assertThat(check.assurance().apply(two).reason()).contains("the threshold is not judged").contains("at 2 of 2 published sizes");
    assertThat(check.assurance().apply(two).decides()).isTrue();
    // Where theirs all fail the control cannot be told, and there is no verdict.
    assertThat(check.assurance().apply(paper.with("points", "1900,2000")).decides()).isFalse();
  }

  /** The authors' cap at their smallest size; the likeliest curve through their shares is 5 points off their own fit. */
  @Test
  void theCapIsTheAuthors() {
    assertThat(Training.cap(1300, 36)).isEqualTo(873);
    assertThat(Training.goal(1300)).isEqualTo(1 / 2600.0);
    assertThat(Published.curve().threshold(0.5)).isBetween(1645.0, 1660.0);
  }

  @Test
  void aBisectionComesToTheStepThatItLooksFor() {
    Threshold.Search found = Threshold.search(10, 400, points -> points <= 137);
    assertThat(found.points()).isBetween(137 / Threshold.RESOLUTION, 137 * Threshold.RESOLUTION);
    assertThat(found.within()).isTrue();
    assertThat(Threshold.search(10, 400, points -> true).within()).isFalse();
  }

  @Test
  void thresholdsOfAGrid() {
    boolean[][] converged = {{true, true}, {true, false}, {false, false}};
    double[] points = {10, 20, 30};
    assertThat(new Threshold.Grid(points, converged).ofAll(2)).isEqualTo(20);
    assertThat(new Threshold.Mean(points, converged).ofAll(2)).isEqualTo(20);
    assertThat(new Threshold.Mean(points, converged).of(new int[] {0, 0})).isEqualTo(25);
    boolean[][] none = {{false, false}, {false, false}, {false, false}};
    assertThat(new Threshold.Grid(points, none).ofAll(2)).isEqualTo(10);
  }

  /** Exact laws are found again, and the right one first. */
  @Test
  void lawsAreFitted() {
    double[] x = {10, 20, 40, 80};
    double[] y = Arrays.stream(x).map(each -> 15 * StrictMath.log(each) + 3).toArray();
    List<FittedLaw> ranked =
        FittedLaw.ranked(FittedLaw.affine(x, y), FittedLaw.power(x, y), FittedLaw.logarithm(x, y), FittedLaw.root(x, y));
    assertThat(ranked.get(0).name()).isEqualTo("a log x + b");
    assertThat(ranked.get(0).text()).isEqualTo("15 log x + 3");
    double[] square = Arrays.stream(x).map(each -> each * each).toArray();
    assertThat(FittedLaw.power(x, square).text()).isEqualTo("1 x^2");
  }

  @Test
  void acceptedCountsAreThoseOfTheInterval() {
    AcceptedCounts accepted = AcceptedCounts.containing(60, 0.3, 0.95);
    for (int k = 0; k <= 60; k++) {
      boolean contains = new org.liftgrad.statistics.Proportion(k, 60).clopperPearson(0.95).contains(0.3);
      assertThat(k >= accepted.least() && k <= accepted.most()).as("count " + k).isEqualTo(contains);
    }
    assertThat(accepted.probability(60, 0.3)).isGreaterThan(0.95).isLessThan(1);
  }
}
