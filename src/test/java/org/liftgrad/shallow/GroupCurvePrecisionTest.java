package org.liftgrad.shallow;

import static java.math.BigDecimal.ONE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.liftgrad.shallow.ManyDigits.exactly;
import static org.liftgrad.shallow.ManyDigits.relativeError;

import java.math.BigDecimal;
import java.math.MathContext;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.liftgrad.kernel.RandomStream;

/**
 * The closed forms in doubles against the theory file's formulas in as many digits as it takes, from n = 4 to
 * 10³⁰⁰: the bounds on the relative error that the Javadoc states.
 */
class GroupCurvePrecisionTest {

  private static final double UNIT = 0x1p-53;

  private static MathContext digitsFor(double tau, double logStart) {
    // ℓ is as small as e^{−4τ}, and q as small as e^{−log A}.
    return new MathContext(60 + (int) (1.8 * tau + 0.5 * logStart));
  }

  /** Below 1e-300 doubles themselves lose their digits: there only the size is looked at. */
  private static void assertNear(double value, BigDecimal exact, double bound, String as) {
    if (exact.abs().compareTo(new BigDecimal("1e-300")) < 0) {
      assertThat(value).as(as).isBetween(0.0, 1e-299);
    } else {
      assertThat(relativeError(value, exact)).as(as).isLessThan(bound);
    }
  }

  @ParameterizedTest(name = "n = {0}")
  @ValueSource(doubles = {4, 1e3, 1e9, 1e18, 1e40, 1e80, 1e150, 1e300})
  void oneGroup(double points) {
    for (int run = 0; run < (points > 1e100 ? 16 : 60); run++) {
      RandomStream stream = RandomStream.of(71, "one group", run, (long) StrictMath.log(points));
      double neurons = 1 + stream.nextInt(40);
      double target = Math.sqrt(points) * StrictMath.exp(stream.nextUniform(-3, 2));
      // Below the target, down to far below; now and then close to it.
      double start =
          run % 5 == 0
              ? neurons * target * (1 - StrictMath.exp(stream.nextUniform(-25, -1)))
              : Math.min(1, neurons * target) * StrictMath.exp(stream.nextUniform(-20, 0));
      // Aligned, nearly so, and as random weights have it.
      double misalignment =
          run % 3 == 0 ? 0 : run % 3 == 1 ? StrictMath.exp(stream.nextUniform(-60, -2)) : stream.nextUniform();
      OneNeuronGroup group = new OneNeuronGroup(points, neurons, target, start, misalignment);
      double logStart = StrictMath.log(neurons) + StrictMath.log(target / start);
      // Before, around and after the time at which the group is learned.
      double tau = run % 4 == 3 ? stream.nextUniform(0, 400) : (1 + logStart / 2) * stream.nextUniform(0, 2.5);
      double time = tau * points / target;
      MathContext digits = digitsFor(tau, logStart);
      BigDecimal exactTau = exactly(target).multiply(exactly(time)).divide(exactly(points), digits);
      BigDecimal product = exactly(neurons).multiply(exactly(target));
      ManyDigits exact =
          new ManyDigits(
              product.divide(exactly(start), digits), ONE.subtract(exactly(misalignment)), exactTau, digits);
      double bound = (32 + 8 * tau) * UNIT;
      String as = "run " + run + ", " + group + ", τ = " + tau;
      assertNear(group.squaredNorm(time), product.multiply(exact.q), bound, "v: " + as);
      assertNear(group.misalignment(time), ONE.subtract(exact.s), bound, "1 - s: " + as);
      BigDecimal scale =
          exactly(target).pow(2).divide(exactly(points), digits).divide(BigDecimal.valueOf(2), digits);
      BigDecimal loss = scale.multiply(exact.share);
      BigDecimal logLoss = ManyDigits.log(loss.round(new MathContext(40)), new MathContext(40));
      assertNear(group.loss(time), loss, bound, "loss: " + as);
      double logError = exactly(group.logLoss(time)).subtract(logLoss).abs().doubleValue();
      assertThat(logError).as("log loss: " + as).isLessThan(bound + 4 * UNIT * Math.abs(logLoss.doubleValue()));
      BigDecimal curvature = exact.curvature.multiply(exactly(target)).divide(exactly(points), digits);
      assertNear(group.curvature(time), curvature, bound, "curvature: " + as);
    }
  }

  @ParameterizedTest(name = "n = {0}")
  @ValueSource(doubles = {4, 1e3, 1e9, 1e18, 1e40, 1e80, 1e150, 1e300})
  void manyGroups(double points) {
    for (int run = 0; run < (points > 1e100 ? 8 : 30); run++) {
      RandomStream stream = RandomStream.of(72, "groups", run, (long) StrictMath.log(points));
      int count = 1 + stream.nextInt(3);
      double[] targets = new double[count];
      double[] starts = new double[count];
      double[] misalignments = new double[count];
      double most = 0;
      for (int j = 0; j < count; j++) {
        targets[j] = StrictMath.exp(stream.nextUniform(-1, 1));
        // Twice below the target at least: the draft knows ‖D‖ to rounding only.
        starts[j] = Math.min(1, count * targets[j] * Math.sqrt(points) / 2) * StrictMath.exp(stream.nextUniform(-9, 0));
        misalignments[j] = run % 2 == 0 ? 0 : stream.nextUniform();
        most = Math.max(most, targets[j]);
      }
      GroupFlow flow = GroupFlow.targets(targets).squaredNorm(starts).misalignment(misalignments).points(points);
      double rescaled = stream.nextUniform(0, 0.7) / most;
      double tau = most * rescaled * StrictMath.log(points);
      MathContext digits = digitsFor(tau, 10 + StrictMath.log(points) / 2);
      BigDecimal logPoints = ManyDigits.log(exactly(points), digits);
      BigDecimal root = exactly(points).sqrt(digits);
      BigDecimal loss = BigDecimal.ZERO;
      BigDecimal fall = BigDecimal.ZERO;
      for (int j = 0; j < count; j++) {
        BigDecimal start =
            exactly(targets[j]).multiply(root).multiply(BigDecimal.valueOf(count)).divide(exactly(starts[j]), digits);
        BigDecimal exactTau = exactly(targets[j]).multiply(exactly(rescaled)).multiply(logPoints, digits);
        ManyDigits exact = new ManyDigits(start, ONE.subtract(exactly(misalignments[j])), exactTau, digits);
        BigDecimal part = exactly(targets[j]).pow(2).multiply(exact.share).divide(BigDecimal.valueOf(2), digits);
        loss = loss.add(part);
        fall = fall.add(part.multiply(exact.curvature).multiply(exactly(targets[j])), digits);
      }
      double bound = (64 + 16 * tau) * UNIT;
      String as = "run " + run + ", " + flow + ", T = " + rescaled;
      assertNear(flow.loss(rescaled), loss, bound, "loss: " + as);
      BigDecimal curvature = fall.divide(loss, digits);
      assertNear(flow.rootCurvature(rescaled), curvature, bound, "curvature: " + as);
      assertNear(flow.curvature(rescaled), curvature.divide(root, digits), bound, as);
      // The same start by its log n alone.
      GroupFlow same =
          GroupFlow.targets(targets).squaredNorm(starts).misalignment(misalignments).logPoints(flow.logPoints());
      double looser = (64 + 16 * tau + 2 * flow.logPoints()) * UNIT;
      assertNear(same.loss(rescaled), loss, looser, "by log n: " + as);
    }
  }

  /** The times at which a fraction is left: the exact loss is above it just before, below it just after. */
  @ParameterizedTest(name = "n = {0}")
  @ValueSource(doubles = {4, 1e9, 1e40, 1e80, 1e300})
  void times(double points) {
    for (int run = 0; run < (points > 1e100 ? 6 : 24); run++) {
      RandomStream stream = RandomStream.of(73, "times", run, (long) StrictMath.log(points));
      double misalignment = run % 2 == 0 ? 0 : stream.nextUniform();
      double target = Math.sqrt(points) * StrictMath.exp(stream.nextUniform(-0.3, 1));
      double start = StrictMath.exp(stream.nextUniform(-9, -1));
      double fraction = run % 3 == 0 ? StrictMath.exp(stream.nextUniform(-60, 0)) : stream.nextUniform(0.01, 0.99);
      OneNeuronGroup group = new OneNeuronGroup(points, 1, target, start, misalignment);
      double time = group.timeOfRemaining(fraction);
      double tau = time * (target / points);
      MathContext digits = digitsFor(tau, 10 + StrictMath.log(points) / 2);
      BigDecimal exactStart = exactly(target).divide(exactly(start), digits);
      BigDecimal alignment = ONE.subtract(exactly(misalignment));
      BigDecimal goal =
          new ManyDigits(exactStart, alignment, BigDecimal.ZERO, digits).share.multiply(exactly(fraction), digits);
      double slack = 1e-13;
      for (int side = -1; side <= 1; side += 2) {
        BigDecimal exactTau =
            exactly(target).multiply(exactly(time)).multiply(new BigDecimal(1 + side * slack)).divide(exactly(points), digits);
        ManyDigits exact = new ManyDigits(exactStart, alignment, exactTau, digits);
        assertThat(exact.share.compareTo(goal) * side)
            .as("run " + run + ", " + group + ", fraction " + fraction + ", side " + side)
            .isNegative();
      }
    }
  }
}
