package org.liftgrad.shallow;

import java.util.Arrays;
import java.util.Optional;
import org.liftgrad.data.Groups;
import org.liftgrad.data.Labels;
import org.liftgrad.kernel.Argument;
import org.liftgrad.statistics.Numbers;

/**
 * The gradient flow of a group initialisation on orthonormal inputs in closed form, at any number of
 * points: loss, local-PL curvature and the times at which the groups are learned (weakly interacting
 * data, 4.3 to 4.5; Theorem 2 is about n → ∞, and its width 1/log n needs n up to 10⁸⁰ to be seen).
 *
 * <pre>{@code
 * var flow = GroupFlow.targets(Math.sqrt(2), Math.sqrt(0.5)).points(1e80);
 * flow.loss(0.3);                          // at t = 0.3 √n log n
 * flow.timeOfRemaining(0, 0.5) * 4 * Math.sqrt(2);     // → 1
 * flow.relativeWidth(0, 0.1) * flow.logPoints();       // → limitWidth(0.1) = 7.376
 * }</pre>
 *
 * <p><b>Time</b> is in the unit of Theorem 2, T = t/(√n log n) with the natural logarithm, so that it
 * keeps its size whatever n is; {@link #flowTime} and {@link #rescaledTime} change to and from the time t of
 * the flow θ' = −p∇L.
 *
 * <p><b>What is exact.</b> The loss of a group depends on its labels through ‖D_j‖² = Σ y_i² alone (and on
 * its start through v(0) and the alignment), so no sum over points is ever taken and nothing is drawn. With
 * d_j = ‖D_j‖/√n given, or with {@link #of} a network, everything here is exact up to rounding. With
 * {@link #targets(Labels, double...)} d_j is replaced by what the law of large numbers makes of it;
 * {@link #targetDeviation} says how far off that is at this n.
 *
 * <p><b>Rounding.</b> With n a double, groups that start below their targets (v(0) ≤ p‖D_j‖) and s(0) ≥ 0,
 * the relative error of losses, curvatures and times is at most (64 + 16τ) 2⁻⁵³, τ = d_j T log n (at
 * n = 10⁸⁰ and twice the time of the last group below 4·10⁻¹³); with only log n given, log n is added to the
 * bracket. A group that starts within a factor of two of its target is exact in {@link #of} alone.
 */
public final class GroupFlow {

  /** Below this sums are taken of logarithms. */
  private static final double SMALL = 1e-140;

  private final double logPoints;
  private final double rootPoints;
  private final double[] targets;
  private final GroupCurve[] curves;
  private final Optional<Draft.Law> law;

  private GroupFlow(
      double logPoints, double rootPoints, double[] targets, GroupCurve[] curves, Optional<Draft.Law> law) {
    this.logPoints = logPoints;
    this.rootPoints = rootPoints;
    this.targets = targets;
    this.curves = curves;
    this.law = law;
    for (int j = 0; j < curves.length; j++) {
      Argument.require(
          curves[j].start() > 1e-300,
          "squaredNorm", "too large for group " + j, "at most 1e300 times its target p‖D‖");
    }
  }

  /**
   * A start with these d_j = ‖D_j‖/√n, one group and one neuron each, with v(0) = 1 and aligned unless
   * said otherwise.
   *
   * @param targets finite and above 0
   */
  public static Draft targets(double... targets) {
    return new Draft(targets, new double[] {1}, new double[] {0}, Optional.empty());
  }

  /**
   * The same with d_j = √(share_j E y²): the limit, by the law of large numbers, of ‖D_j‖/√n for a group
   * of share_j · n points whose labels are drawn by this law. At finite n it is a replacement, whose error
   * {@link #targetDeviation} estimates.
   *
   * @param labels a law of independent labels (uniform or constant)
   * @param shares of the points, above 0, together at most 1 (up to rounding)
   */
  public static Draft targets(Labels labels, double... shares) {
    double sum = 0;
    double[] targets = new double[shares.length];
    for (int j = 0; j < shares.length; j++) {
      sum += Argument.positive("shares[" + j + "]", shares[j]);
      targets[j] = Math.sqrt(shares[j] * Draft.Law.moment(labels, 2));
    }
    Argument.require(sum <= 1 + 1e-12, "the sum of shares", sum, "at most 1");
    return new Draft(targets, new double[] {1}, new double[] {0}, Optional.of(new Draft.Law(labels, shares.clone())));
  }

  /**
   * The start of a network in group initialisation on orthonormal inputs, n ≥ 2.
   *
   * @throws IllegalArgumentException where the data have no groups, or are not orthonormal
   */
  public static GroupFlow of(ShallowNetwork network) {
    Groups groups =
        network.data().groups()
            .orElseThrow(() -> Argument.refused("the groups of the data", "not said", "said, as in groups(4)"));
    int points = Argument.atLeast("points", network.data().points(), 2);
    double[] targets = new double[groups.count()];
    GroupCurve[] curves = new GroupCurve[groups.count()];
    for (int j = 0; j < curves.length; j++) {
      OneNeuronGroup group = OneNeuronGroup.of(network, j);
      targets[j] = group.targetNorm() / Math.sqrt(points);
      curves[j] =
          GroupCurve.of(group.neurons(), group.targetNorm(), group.squaredNorm(), group.misalignment());
    }
    return new GroupFlow(StrictMath.log(points), Math.sqrt(points), targets, curves, Optional.empty());
  }

  /**
   * A group initialisation half said; {@link #points} or {@link #logPoints} ends it. Immutable.
   */
  public static final class Draft {
    private final double[] targets;
    private final double[] squaredNorms;
    private final double[] misalignments;
    private final Optional<Law> law;

    private Draft(double[] targets, double[] squaredNorms, double[] misalignments, Optional<Law> law) {
      Argument.require(targets.length >= 1, "the number of groups", targets.length, "at least 1");
      this.targets = targets.clone();
      this.squaredNorms = spread("squaredNorm", squaredNorms, targets.length);
      this.misalignments = spread("misalignment", misalignments, targets.length);
      this.law = law;
      for (int j = 0; j < targets.length; j++) {
        Argument.positive("targets[" + j + "]", targets[j]);
        Argument.positive("squaredNorm[" + j + "]", this.squaredNorms[j]);
        double m = this.misalignments[j];
        Argument.require(m >= 0 && m < 2, "misalignment[" + j + "]", m, "at least 0 and below 2");
      }
    }

    @Override
    public String toString() {
      return Numbers.counted(targets.length, "group") + " so far; points(n) says on how many points";
    }

    private static double[] spread(String name, double[] values, int groups) {
      Argument.require(
          values.length == 1 || values.length == groups,
          "the number of values of " + name, values.length, groups == 1 ? "1" : "1 or " + groups + ", the number of groups");
      double[] all = new double[groups];
      Arrays.setAll(all, j -> values[values.length == 1 ? 0 : j]);
      return all;
    }

    /** v(0) = a² = ‖w‖² at the start, above 0: one for all groups, or one each. */
    public Draft squaredNorm(double... values) {
      return new Draft(targets, values, misalignments, law);
    }

    /** 1 − s(0), at least 0 and below 2: one for all groups, or one each; 0 is an aligned start. */
    public Draft misalignment(double... values) {
      return new Draft(targets, squaredNorms, values, law);
    }

    /**
     * Weights uniform on the part of the sphere where the neuron is active on its whole group. In the limit
     * of large groups, by the law of large numbers, s(0) = √(2/π) E|y| / √(E y²) for all of them; at finite n
     * that is a replacement, off by the order of 1/√(share_j n).
     *
     * @throws IllegalArgumentException unless the labels were given by their law
     */
    public Draft randomDirections() {
      Labels labels = law.orElseThrow(() -> Argument.refused("the law of the labels", "not said", "said, as in targets(signed(1, 2), 0.5, 0.5)")).labels;
      double cosine = Math.sqrt(2 / Math.PI) * Law.moment(labels, 1) / Math.sqrt(Law.moment(labels, 2));
      return misalignment(1 - cosine);
    }

    /**
     * With this number of points.
     *
     * @param points n, finite, at least 2 and at least the number of groups; need not be a whole number
     */
    public GroupFlow points(double points) {
      double least = Math.max(2, targets.length);
      Argument.require(points >= least && points <= Double.MAX_VALUE, "points", points, "finite and at least " + least);
      return flow(StrictMath.log(points), Math.sqrt(points));
    }

    /**
     * With the natural logarithm of the number of points, also where that is beyond a double.
     *
     * @param logPoints log n, finite, at least log 2 and that of the number of groups
     */
    public GroupFlow logPoints(double logPoints) {
      double least = StrictMath.log(Math.max(2, targets.length));
      Argument.require(
          logPoints >= least && logPoints <= Double.MAX_VALUE, "logPoints", logPoints, "finite and at least " + least);
      return flow(logPoints, StrictMath.exp(logPoints / 2));
    }

    private GroupFlow flow(double logPoints, double rootPoints) {
      GroupCurve[] curves = new GroupCurve[targets.length];
      Arrays.setAll(
          curves,
          j ->
              GroupCurve.ofRelative(
                  targets.length, targets[j], squaredNorms[j], misalignments[j], logPoints, rootPoints));
      return new GroupFlow(logPoints, rootPoints, targets, curves, law);
    }

    /** The law that the targets were taken from. */
    private record Law(Labels labels, double[] shares) {

      /** E|y|^k. */
      static double moment(Labels labels, int k) {
        if (labels instanceof Labels.Constant constant) {
          return StrictMath.pow(Math.abs(constant.label()), k);
        } else if (labels instanceof Labels.Uniform uniform) {
          double least = uniform.magnitudes().least();
          double most = uniform.magnitudes().most();
          // (b^{k+1} − a^{k+1}) / ((k + 1)(b − a)), without the division.
          double sum = 0;
          for (int power = 0; power <= k; power++) {
            sum += StrictMath.pow(least, power) * StrictMath.pow(most, k - power);
          }
          return sum / (k + 1);
        }
        throw Argument.refused("labels", labels, "of a law of independent labels (signed, positive or constant)");
      }
    }
  }

  /** The number of groups, and of neurons. */
  public int groups() {
    return targets.length;
  }

  /** log n. */
  public double logPoints() {
    return logPoints;
  }

  /** d_j = ‖D_j‖/√n. */
  public double target(int group) {
    return targets[group(group)];
  }

  /**
   * The standard deviation of ‖D_j‖/(d_j √n) under the law of the labels at this n, to first order:
   * sd(y²)/(2 E y² √(share_j n)). The times t_j move by as much. 0 where the targets were given.
   */
  public double targetDeviation(int group) {
    group(group);
    if (law.isEmpty()) {
      return 0;
    }
    Labels labels = law.get().labels;
    double square = Draft.Law.moment(labels, 2);
    double variance = Math.max(0, Draft.Law.moment(labels, 4) - square * square);
    return Math.sqrt(variance / law.get().shares[group]) / (2 * square) / rootPoints;
  }

  private int group(int group) {
    Argument.require(group >= 0 && group < targets.length, "group", group, "between 0 and " + (targets.length - 1));
    return group;
  }

  // ---------------------------------------------------------------- time

  /** t = T √n log n, infinite where that is beyond a double. */
  public double flowTime(double rescaled) {
    return Argument.notNegative("rescaled", rescaled) * logPoints * rootPoints;
  }

  /** T = t/(√n log n). */
  public double rescaledTime(double flowTime) {
    return Argument.notNegative("flowTime", flowTime) / rootPoints / logPoints;
  }

  /** dτ_j/dT. */
  private double pace(int group) {
    return targets[group] * logPoints;
  }

  private GroupCurve.At at(int group, double rescaled) {
    return curves[group].at(pace(group) * rescaled);
  }

  // ---------------------------------------------------------------- one group

  /** The part of group j in the loss at time T ≥ 0; 0 where it underflows. */
  public double loss(int group, double rescaled) {
    group(group);
    Argument.notNegative("rescaled", rescaled);
    return targets[group] * targets[group] / 2 * at(group, rescaled).share();
  }

  /** Its logarithm, also where it underflows. */
  public double logLoss(int group, double rescaled) {
    group(group);
    Argument.notNegative("rescaled", rescaled);
    return logWeight(group) + at(group, rescaled).logShare();
  }

  private double logWeight(int group) {
    return 2 * StrictMath.log(targets[group]) - StrictMath.log(2);
  }

  /**
   * √n μ_j at time T ≥ 0, with μ_j = −L_j'/L_j per unit of the flow's time: from 4 v(0)/(p√n) to 4 d_j for
   * an aligned group, to 2 d_j for others.
   */
  public double rootCurvature(int group, double rescaled) {
    group(group);
    Argument.notNegative("rescaled", rescaled);
    return targets[group] * at(group, rescaled).curvature();
  }

  /**
   * T at which a fraction of group j's initial loss is left, t_n^j(ε) of Theorem 2; T · 4d_j → 1.
   *
   * @param fraction ε, strictly between 0 and 1
   */
  public double timeOfRemaining(int group, double fraction) {
    group(group);
    Argument.probability("fraction", fraction);
    GroupCurve curve = curves[group];
    Argument.require(
        !curve.aligned() || curve.room() != 0,
        "squaredNorm", "that of the target", "another, as an aligned group has no loss to lose then");
    return curve.timeOfRemaining(fraction) / pace(group);
  }

  /**
   * The width of group j's drop over its place, (t(ε) − t(1 − ε))/t(½); times log n it tends to
   * {@link #limitWidth}.
   *
   * @param fraction ε, strictly between 0 and ½
   */
  public double relativeWidth(int group, double fraction) {
    Argument.require(fraction > 0 && fraction < 0.5, "fraction", fraction, "strictly between 0 and 0.5");
    return (timeOfRemaining(group, fraction) - timeOfRemaining(group, 1 - fraction)) / timeOfRemaining(group, 0.5);
  }

  // ---------------------------------------------------------------- all groups

  /** L at time T ≥ 0; 0 where it underflows. */
  public double loss(double rescaled) {
    double sum = 0;
    for (int j = 0; j < targets.length; j++) {
      sum += loss(j, rescaled);
    }
    return sum;
  }

  /** log L, also where L underflows. */
  public double logLoss(double rescaled) {
    double loss = loss(rescaled);
    return loss > SMALL ? StrictMath.log(loss) : logSum(logLosses(rescaled));
  }

  private double[] logLosses(double rescaled) {
    double[] logs = new double[targets.length];
    Arrays.setAll(logs, j -> logLoss(j, rescaled));
    return logs;
  }

  private static double logSum(double[] logs) {
    double most = Arrays.stream(logs).max().orElseThrow();
    if (most == Double.NEGATIVE_INFINITY) {
      return most;
    }
    double sum = 0;
    for (double log : logs) {
      sum += StrictMath.exp(log - most);
    }
    return most + StrictMath.log(sum);
  }

  /** √n μ at time T ≥ 0: the mean of {@link #rootCurvature(int, double)} by the groups' parts in the loss. */
  public double rootCurvature(double rescaled) {
    double[] logs = logLosses(rescaled);
    double most = Arrays.stream(logs).max().orElseThrow();
    double loss = loss(rescaled);
    double sum = 0;
    double weights = 0;
    for (int j = 0; j < targets.length; j++) {
      double weight = loss > SMALL ? loss(j, rescaled) / loss : StrictMath.exp(logs[j] - most);
      if (weight > 0) {
        sum += weight * rootCurvature(j, rescaled);
        weights += weight;
      }
    }
    return sum / weights;
  }

  /** μ = −L'/L per unit of the flow's time t, at time T ≥ 0; 0 where √n is beyond a double. */
  public double curvature(double rescaled) {
    return rootCurvature(rescaled) / rootPoints;
  }

  /**
   * T at which a fraction of the initial loss of all groups is left, to the last bit.
   *
   * @param fraction strictly between 0 and 1
   */
  public double timeOfRemaining(double fraction) {
    double goal = logLoss(0) + StrictMath.log(Argument.probability("fraction", fraction));
    Argument.require(goal > Double.NEGATIVE_INFINITY, "squaredNorm", "that of all targets", "another, as there is no loss to lose");
    double low = 0;
    double high = 1;
    while (logLoss(high) > goal) {
      low = high;
      high *= 2;
    }
    while (true) {
      double middle = 0.5 * (low + high);
      if (middle <= low || middle >= high) {
        return high;
      }
      if (logLoss(middle) > goal) {
        low = middle;
      } else {
        high = middle;
      }
    }
  }

  // ---------------------------------------------------------------- the limit n → ∞

  /** T at which group j is learned in the limit: 1/(4 d_j), aligned or not. */
  public double limitTime(int group) {
    return 1 / (4 * targets[group(group)]);
  }

  /** The limit of the loss at time T: Σ d_j²/2 over the groups not learned yet (at a jump: before it). */
  public double limitLoss(double rescaled) {
    double sum = 0;
    for (int j = 0; j < targets.length; j++) {
      sum += rescaled <= limitTime(j) ? targets[j] * targets[j] / 2 : 0;
    }
    return sum;
  }

  /**
   * The limit of {@link #relativeWidth} times log n for aligned groups, 2 (logit(1 − √ε) − logit(1 − √(1 − ε))).
   *
   * @param fraction ε, strictly between 0 and ½
   */
  public static double limitWidth(double fraction) {
    Argument.require(fraction > 0 && fraction < 0.5, "fraction", fraction, "strictly between 0 and 0.5");
    return 2 * (logOddsLearned(fraction) - logOddsLearned(1 - fraction));
  }

  /** logit(1 − √ε). */
  private static double logOddsLearned(double fraction) {
    return StrictMath.log1p(-fraction) - StrictMath.log1p(Math.sqrt(fraction)) - StrictMath.log(fraction) / 2;
  }

  /** Groups, points and where the targets come from, in a line. */
  @Override
  public String toString() {
    return Numbers.counted(targets.length, "group") + " on 10^"
        + Numbers.rounded(logPoints / StrictMath.log(10), 6) + " points, ‖D‖/√n = "
        + Arrays.stream(targets).mapToObj(d -> Numbers.rounded(d, 6)).reduce((a, b) -> a + ", " + b).orElseThrow()
        + (law.isPresent() ? " (law of large numbers)" : "");
  }
}
