package org.liftgrad.theorem.shallow;

import java.util.Arrays;
import org.liftgrad.data.Dataset;
import org.liftgrad.data.Groups;
import org.liftgrad.data.Labels;
import org.liftgrad.data.OrthogonalData;
import org.liftgrad.flow.GradientFlow;
import org.liftgrad.flow.Method;
import org.liftgrad.flow.Observer;
import org.liftgrad.flow.Solution;
import org.liftgrad.flow.StopCondition;
import org.liftgrad.shallow.GroupFlow;
import org.liftgrad.shallow.OneNeuronGroup;
import org.liftgrad.shallow.ShallowNetwork;
import org.liftgrad.shallow.ShallowNetworks;
import org.liftgrad.theorem.Trial;

/**
 * A group initialisation on n orthonormal points whose groups are followed one by one, each with one neuron: whole
 * networks of n·p pairs would not fit for p ∝ n, and that they do the same is what P2a looks at. With θ = √p θ̃ a
 * group of k points follows the flow of a network of its own, p = 1 and n = k, in the time kt/n.
 *
 * <p>Labels are signed, |y| uniform on [1, 2]; neurons have v(0) = 1 and are uniform in the positive orthant of their
 * group's span. As only |y| matters to a group's loss, groups of both signs are drawn with positive labels.
 */
final class SeparateGroups {

  /**
   * Larger groups are followed by the stock solver, whose cost is in proportion to n and not to n²: no pair of one neuron and
   * labels of one sign ever comes to its kink.
   */
  private static final int MOST_EXACT = 1000;

  private static final double STOCK_TOLERANCE = 1e-13;

  private final int points;
  private final ShallowNetwork[] networks;
  private final OneNeuronGroup[] closed;

  private SeparateGroups(int points, ShallowNetwork[] networks, OneNeuronGroup[] closed) {
    this.points = points;
    this.networks = networks;
    this.closed = closed;
  }

  /** Groups of these sizes. */
  static SeparateGroups of(Trial trial, int[] sizes, long... address) {
    int p = sizes.length;
    ShallowNetwork[] networks = new ShallowNetwork[p];
    OneNeuronGroup[] closed = new OneNeuronGroup[p];
    int n = Arrays.stream(sizes).sum();
    for (int j = 0; j < p; j++) {
      long[] place = Arrays.copyOf(address, address.length + 1);
      place[address.length] = j;
      Dataset data =
          OrthogonalData.orthogonalData().points(sizes[j]).norms(1, 1).labels(Labels.positive(1, 2))
              .groups(Groups.of(new int[sizes[j]])).seed(trial.seed("data", place)).build();
      networks[j] =
          ShallowNetworks.shallowNetwork(data).groupInitialisation().scale(1 / Math.sqrt(p)).seed(trial.seed("start", place)).build();
      OneNeuronGroup alone = OneNeuronGroup.of(networks[j], 0);
      closed[j] = new OneNeuronGroup(n, p, alone.targetNorm(), 1, alone.misalignment());
    }
    return new SeparateGroups(n, networks, closed);
  }

  /** The same with |a| at this share of ‖w‖ (1: balanced). */
  SeparateGroups withShare(double share) {
    return new SeparateGroups(
        points, Arrays.stream(networks).map(network -> Starts.withShare(network, share)).toArray(ShallowNetwork[]::new), closed);
  }

  int count() {
    return networks.length;
  }

  /** The number of points of a group. */
  int size(int group) {
    return networks[group].data().points();
  }

  /** μ_j as t → ∞: 4‖D_j‖/n for one point, which is always aligned, and 2‖D_j‖/n for more. */
  double limitRate(int group) {
    return (closed[group].misalignment() == 0 ? 4 : 2) * closed[group].targetNorm() / points;
  }

  /** The group whose loss is the last to go. */
  int slowest() {
    int slowest = 0;
    for (int j = 1; j < closed.length; j++) {
      slowest = limitRate(j) < limitRate(slowest) ? j : slowest;
    }
    return slowest;
  }

  /** The closed form of all groups. */
  GroupFlow closedForm() {
    return closedForm(1);
  }

  /** The closed form of all groups from v(0) of another size. */
  GroupFlow closedForm(double squaredNorm) {
    double[] targets = Arrays.stream(closed).mapToDouble(group -> group.targetNorm() / Math.sqrt(points)).toArray();
    double[] misalignments = Arrays.stream(closed).mapToDouble(OneNeuronGroup::misalignment).toArray();
    return GroupFlow.targets(targets).misalignment(misalignments).squaredNorm(squaredNorm).points(points);
  }

  /** The parts of group j in the loss at these times of the whole network, ascending and above 0, as the flow has them. */
  double[] losses(int group, double... times) {
    ShallowNetwork network = networks[group];
    double share = (double) network.data().points() / points;
    double[] own = Arrays.stream(times).map(time -> time * share).toArray();
    GradientFlow flow =
        GradientFlow.gradientFlow(network).at(own).until(StopCondition.timeReached(own[own.length - 1])).observe(Observer.loss());
    boolean large = network.data().points() > MOST_EXACT;
    Solution solution = Starts.followed(large ? flow.method(Method.stock()).tolerance(STOCK_TOLERANCE) : flow);
    return Arrays.stream(solution.column("loss")).limit(times.length).map(loss -> loss * share).toArray();
  }
}
