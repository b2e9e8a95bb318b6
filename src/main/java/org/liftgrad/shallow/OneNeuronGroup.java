package org.liftgrad.shallow;

import org.liftgrad.data.Dataset;
import org.liftgrad.data.Groups;
import org.liftgrad.kernel.Argument;

/**
 * The closed form of one group of the group initialisation (weakly interacting data, 4.3): orthonormal
 * inputs, one neuron that is active on its group alone, with |a| = ‖w‖ and w in the span of the group.
 * With D = Σ y_i x_i over the group, v = ‖w‖² and s = sign(a) ⟨w, D⟩ / (‖w‖‖D‖).
 *
 * <p>Everything is written in E = e^{−2τ}, τ = ‖D‖ t / n, with the factors E of quantities that vanish
 * taken out by hand; so nothing overflows at late times, and what is small (1 − s, ‖D‖ − v/p, the loss)
 * keeps its digits.
 *
 * @param points n, the number of points of the whole data set, at least 1; not an int, so that
 *     Theorem 2 can be followed to 10⁴⁰ points and beyond
 * @param neurons p, the number of neurons of the whole network, at least 1
 * @param targetNorm ‖D‖, above 0
 * @param squaredNorm v(0), above 0
 * @param alignment s(0), above −1 and at most 1; a neuron that is active on its group has it above 0
 */
public record OneNeuronGroup(
    double points, double neurons, double targetNorm, double squaredNorm, double alignment) {

  /** Refuses what is out of range. */
  public OneNeuronGroup {
    Argument.require(points >= 1 && points < Double.POSITIVE_INFINITY, "points", points, "finite and at least 1");
    Argument.require(neurons >= 1 && neurons < Double.POSITIVE_INFINITY, "neurons", neurons, "finite and at least 1");
    Argument.positive("targetNorm", targetNorm);
    Argument.positive("squaredNorm", squaredNorm);
    Argument.require(alignment > -1 && alignment <= 1, "alignment", alignment, "above -1 and at most 1");
  }

  /**
   * Group g of a network in group initialisation on orthonormal inputs.
   *
   * @param network balanced, neuron g active on group g alone
   * @param group 0 … groups − 1
   */
  public static OneNeuronGroup of(ShallowNetwork network, int group) {
    Dataset data = network.data();
    Groups groups =
        data.groups().orElseThrow(() -> Argument.refused("the groups of the data", "not said", "said, as in groups(4)"));
    Argument.require(group >= 0 && group < groups.count(), "group", group, "between 0 and " + (groups.count() - 1));
    Argument.require(
        data.orthogonal() && Math.abs(data.normBounds().least() - 1) < 1e-12
            && Math.abs(data.normBounds().most() - 1) < 1e-12,
        "the data", data, "orthonormal");
    double[] labels = data.labels();
    double target = 0;
    double along = 0;
    for (int i : groups.members(group)) {
      target += labels[i] * labels[i];
      along += labels[i] * network.preactivations().get(i, group);
    }
    double norm = network.squaredWeightNorms()[group];
    double cosine = Math.signum(network.readout()[group]) * along / Math.sqrt(target * norm);
    // Rounding may carry an aligned neuron past 1.
    return new OneNeuronGroup(
        data.points(), network.neurons(), Math.sqrt(target), norm, Math.min(1, cosine));
  }

  /** The quantities from which all others are made, at time t. */
  private final class At {
    private final double tau;
    private final double e;
    private final double plus = 1 + alignment;
    private final double minus = 1 - alignment;
    /** plus + minus E, that is 2 e^{−τ} (cosh τ + s₀ sinh τ). */
    private final double q;
    /** E/v₀ + (2/(p‖D‖)) e^{−2τ} I. */
    private final double denominator;

    At(double time) {
      Argument.notNegative("time", time);
      tau = targetNorm * time / points;
      e = StrictMath.exp(-2 * tau);
      q = plus + minus * e;
      double grown = -StrictMath.expm1(-2 * tau);
      double ePlusTau = e == 0 ? 0 : e * tau * plus * minus / 2;
      double integral = ePlusTau + grown / 8 * (plus * plus + minus * minus * e);
      denominator = e / squaredNorm + 2 / (neurons * targetNorm) * integral;
    }

    double squared() {
      return q * q / (4 * denominator);
    }

    /** (1 − s)/E. */
    double misalignment() {
      return 2 * minus / q;
    }

    /** (‖D‖ − v/p)/E. */
    double gap() {
      double bracket =
          4 * neurons * targetNorm / squaredNorm
              + 4 * tau * plus * minus
              - 4 * alignment
              - 2 * plus * minus
              - 2 * minus * minus * e;
      return bracket / (4 * neurons * denominator);
    }

    /** 2 n L / E. */
    double scaledLoss() {
      return e * gap() * gap() + 2 * squared() / neurons * targetNorm * misalignment();
    }
  }

  /** s(t), for t ≥ 0. */
  public double alignment(double time) {
    At at = new At(time);
    return 1 - at.e * at.misalignment();
  }

  /** v(t) = ‖w‖² = a², for t ≥ 0. */
  public double squaredNorm(double time) {
    return new At(time).squared();
  }

  /** The group's part of the loss, (‖D‖² + v²/p² − 2 v ‖D‖ s / p) / (2n), for t ≥ 0. */
  public double loss(double time) {
    At at = new At(time);
    return at.e * at.scaledLoss() / (2 * points);
  }

  /** The logarithm of the group's part of the loss, also where that underflows. */
  public double logLoss(double time) {
    At at = new At(time);
    // An aligned group has one more factor E; where E itself is 0 it must come out too.
    double rest =
        alignment == 1
            ? 2 * StrictMath.log(Math.abs(at.gap())) - 2 * at.tau
            : StrictMath.log(at.scaledLoss());
    return rest - 2 * at.tau - StrictMath.log(2 * points);
  }

  /**
   * The group's own local-PL curvature −L'/L at time t ≥ 0. As t → ∞ it tends to 2‖D‖/n, or to 4‖D‖/n
   * when the group is exactly aligned.
   */
  public double curvature(double time) {
    At at = new At(time);
    double v = at.squared();
    double leading = 2 * v / (neurons * points);
    double h = at.misalignment();
    if (h == 0) {
      return 2 * leading;
    }
    double along = at.gap() - targetNorm * h;
    double descent = 2 * at.e * along * along + targetNorm * targetNorm * h * (2 - at.e * h);
    return leading * descent / at.scaledLoss();
  }

  /**
   * When a fraction of the group's initial loss is left, for an aligned group that starts below its
   * target (Theorem 2's t(ε)).
   *
   * @param fraction strictly between 0 and 1
   */
  public double timeOfRemaining(double fraction) {
    Argument.probability("fraction", fraction);
    Argument.require(alignment == 1, "alignment", alignment, "1 for the time to have a closed form");
    double start = squaredNorm / (neurons * targetNorm);
    Argument.require(start < 1, "squaredNorm", squaredNorm, "below neurons · targetNorm = " + neurons * targetNorm);
    double left = Math.sqrt(fraction) * (1 - start);
    double logOdds = StrictMath.log1p(-left) - StrictMath.log(left);
    return points / (2 * targetNorm) * (logOdds + StrictMath.log1p(-start) - StrictMath.log(start));
  }
}
