package org.liftgrad.shallow;

import org.liftgrad.data.Dataset;
import org.liftgrad.data.Groups;
import org.liftgrad.kernel.Argument;

/**
 * The closed form of one group of the group initialisation (weakly interacting data, 4.3): orthonormal
 * inputs, one neuron that is active on its group alone, with |a| = ‖w‖ and w in the span of the group.
 * With D = Σ y_i x_i over the group, v = ‖w‖² and s = sign(a) ⟨w, D⟩ / (‖w‖‖D‖).
 *
 * <p>Nothing overflows for n up to 10³⁰⁰ and at late times, and what becomes small (1 − s, ‖D‖ − v/p, the
 * loss) keeps its digits: with τ = ‖D‖t/n the relative error is at most (32 + 8τ) 2⁻⁵³ while the neuron
 * starts below its target, v(0) ≤ p‖D‖, and s(0) ≥ 0. Several groups at once, also beyond 10³⁰⁰ points:
 * {@link GroupFlow}.
 *
 * @param points n, the number of points of the whole data set, at least 1; not an int, so that
 *     Theorem 2 can be followed to 10⁸⁰ points and beyond
 * @param neurons p, the number of neurons of the whole network, at least 1
 * @param targetNorm ‖D‖, above 0
 * @param squaredNorm v(0), above 0
 * @param misalignment 1 − s(0), at least 0 and below 2; a neuron that is active on its group has it
 *     below 1. Said in place of s(0), as a start that is nearly aligned differs from an aligned one in
 *     the end: its loss falls half as fast.
 */
public record OneNeuronGroup(
    double points, double neurons, double targetNorm, double squaredNorm, double misalignment) {

  /** Refuses what is out of range. */
  public OneNeuronGroup {
    Argument.require(points >= 1 && points < Double.POSITIVE_INFINITY, "points", points, "finite and at least 1");
    Argument.require(neurons >= 1 && neurons < Double.POSITIVE_INFINITY, "neurons", neurons, "finite and at least 1");
    Argument.positive("targetNorm", targetNorm);
    Argument.positive("squaredNorm", squaredNorm);
    Argument.require(misalignment >= 0 && misalignment < 2, "misalignment", misalignment, "at least 0 and below 2");
    double target = neurons * targetNorm;
    Argument.require(
        target >= 1e-300 * squaredNorm && target * 1e-300 <= squaredNorm,
        "squaredNorm", squaredNorm, "within a factor of 1e300 of neurons · targetNorm = " + target);
  }

  /** A neuron that starts along its group's target. */
  public static OneNeuronGroup aligned(double points, double neurons, double targetNorm, double squaredNorm) {
    return new OneNeuronGroup(points, neurons, targetNorm, squaredNorm, 0);
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
    double sign = Math.signum(network.readout()[group]);
    double target = 0;
    for (int i : groups.members(group)) {
      target += labels[i] * labels[i];
    }
    double targetNorm = Math.sqrt(target);
    double squaredNorm = network.squaredWeightNorms()[group];
    double norm = Math.sqrt(squaredNorm);
    // 1 − s is half the squared distance of the two unit vectors: no digits are lost near 0.
    double distance = 0;
    for (int i : groups.members(group)) {
      double apart = network.preactivations().get(i, group) / norm - sign * labels[i] / targetNorm;
      distance += apart * apart;
    }
    // Rounding leaves an aligned neuron at some 10⁻³² from its target.
    double misalignment = distance / 2 < 1e-30 ? 0 : distance / 2;
    return new OneNeuronGroup(data.points(), network.neurons(), targetNorm, squaredNorm, misalignment);
  }

  private GroupCurve curve() {
    return GroupCurve.of(neurons, targetNorm, squaredNorm, misalignment);
  }

  /** ‖D‖/n: τ runs that much faster than t. */
  private double pace() {
    return targetNorm / points;
  }

  private GroupCurve.At at(double time) {
    return curve().at(pace() * Argument.notNegative("time", time));
  }

  /** s(0) = 1 − misalignment. */
  public double alignment() {
    return 1 - misalignment;
  }

  /** s(t), for t ≥ 0. */
  public double alignment(double time) {
    return 1 - at(time).misalignment();
  }

  /** 1 − s(t), for t ≥ 0. */
  public double misalignment(double time) {
    return at(time).misalignment();
  }

  /** v(t) = ‖w‖² = a², for t ≥ 0. */
  public double squaredNorm(double time) {
    return neurons * targetNorm * at(time).q();
  }

  /** The group's part of the loss, (‖D‖² + v²/p² − 2 v ‖D‖ s / p) / (2n), for t ≥ 0. */
  public double loss(double time) {
    return pace() * targetNorm / 2 * at(time).share();
  }

  /** The logarithm of the group's part of the loss, also where that underflows. */
  public double logLoss(double time) {
    return StrictMath.log(pace() * targetNorm / 2) + at(time).logShare();
  }

  /**
   * The group's own local-PL curvature −L'/L at time t ≥ 0. As t → ∞ it tends to 2‖D‖/n, or to 4‖D‖/n
   * when the group is exactly aligned.
   */
  public double curvature(double time) {
    return pace() * at(time).curvature();
  }

  /**
   * When a fraction of the group's initial loss is left (Theorem 2's t(ε)); in closed form for an aligned
   * group that starts below its target, else by bisection to the last bit.
   *
   * @param fraction strictly between 0 and 1
   * @throws IllegalArgumentException for a group that starts at its target, where no loss is left to fall
   */
  public double timeOfRemaining(double fraction) {
    Argument.probability("fraction", fraction);
    GroupCurve curve = curve();
    Argument.require(
        !curve.aligned() || curve.room() != 0,
        "squaredNorm", squaredNorm, "other than neurons · targetNorm for an aligned group, which has no loss then");
    return curve.timeOfRemaining(fraction) / pace();
  }
}
