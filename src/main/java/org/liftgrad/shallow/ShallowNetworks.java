package org.liftgrad.shallow;

import java.util.OptionalInt;
import org.ejml.data.DMatrixRMaj;
import org.liftgrad.blueprint.Activation;
import org.liftgrad.data.Dataset;
import org.liftgrad.data.Groups;
import org.liftgrad.kernel.Argument;
import org.liftgrad.kernel.Provenance;
import org.liftgrad.statistics.Numbers;

/**
 * Builds the start of a shallow network on a data set. Every call returns a new builder.
 *
 * <pre>{@code
 * shallowNetwork(data).neurons(widthFor(200, 0.05)).dominantReadout().seed(7).build()
 * }</pre>
 *
 * <p>Without more said, the start is that of the paper's experiments (weakly interacting data, 1.5):
 * weights uniform on ±1/√d and |a_j| = ‖w_j‖ + Exp(1) with fair signs, so that Assumption 1 holds.
 *
 * <p>On data that are exact in law the pre-activations are drawn from their law given the Gram matrix.
 * Each network by itself is exact; two networks on the same such data, unless their weights are
 * Gaussian, are as if the inputs had been turned between them.
 */
public final class ShallowNetworks {

  private enum GroupInitialisation { NONE, POSITIVE, ALIGNED }

  private final Dataset data;
  private OptionalInt neurons = OptionalInt.empty();
  private WeightLaw weights = WeightLaw.uniform();
  private ReadoutLaw readout = new ReadoutLaw.Relative(1, true);
  private GroupInitialisation groupInitialisation = GroupInitialisation.NONE;
  private Activation activation = Activation.relu();
  private double weightScale = 1;
  private double scale = 1;
  private long seed;

  private ShallowNetworks(Dataset data) {
    this.data = data;
  }

  private ShallowNetworks(ShallowNetworks other) {
    data = other.data;
    neurons = other.neurons;
    weights = other.weights;
    readout = other.readout;
    groupInitialisation = other.groupInitialisation;
    activation = other.activation;
    weightScale = other.weightScale;
    scale = other.scale;
    seed = other.seed;
  }

  /** A network that looks at these data. */
  public static ShallowNetworks shallowNetwork(Dataset data) {
    return new ShallowNetworks(data);
  }

  /** p, at least 1; read off given weights or groups unless said. */
  public ShallowNetworks neurons(int neurons) {
    ShallowNetworks next = new ShallowNetworks(this);
    next.neurons = OptionalInt.of(Argument.positive("neurons", neurons));
    return next;
  }

  /** The law of the hidden weights. */
  public ShallowNetworks weights(WeightLaw law) {
    ShallowNetworks next = new ShallowNetworks(this);
    next.weights = law;
    next.groupInitialisation = GroupInitialisation.NONE;
    return next;
  }

  /** The hidden weights themselves, p×d, finite; copied. */
  public ShallowNetworks weights(DMatrixRMaj weights) {
    return weights(WeightLaw.given(weights));
  }

  /** |a_j| = ‖w_j‖ + Exp(1), fair signs (Assumption 1, strictly). */
  public ShallowNetworks dominantReadout() {
    return readout(new ReadoutLaw.Relative(1, true));
  }

  /** |a_j| = ‖w_j‖, fair signs (Assumption 1, with equality). */
  public ShallowNetworks balancedReadout() {
    return readout(new ReadoutLaw.Relative(1, false));
  }

  /**
   * |a_j| = δ‖w_j‖, fair signs: below 1 it breaks Assumption 1.
   *
   * @param delta δ, at least 0
   */
  public ShallowNetworks dominatedReadout(double delta) {
    return readout(new ReadoutLaw.Relative(Argument.notNegative("delta", delta), false));
  }

  /** a_j uniform on ±1/√p, what PyTorch's Linear draws; Assumption 1 may fail. */
  public ShallowNetworks defaultReadout() {
    return readout(new ReadoutLaw.Uniform());
  }

  /** The readout itself, p finite numbers; copied. */
  public ShallowNetworks readout(double... readout) {
    return readout(new ReadoutLaw.Given(Argument.finite("readout", readout.clone())));
  }

  private ShallowNetworks readout(ReadoutLaw law) {
    ShallowNetworks next = new ShallowNetworks(this);
    next.readout = law;
    return next;
  }

  /**
   * Group initialisation (weakly interacting data, 4.2) on orthogonal data with groups: neuron g lies in
   * the span of group g, is active on all its points, uniformly random in the positive orthant, has the
   * readout sign of its labels and |a_g| = ‖w_g‖ = 1; {@link #scale} changes that norm.
   */
  public ShallowNetworks groupInitialisation() {
    ShallowNetworks next = new ShallowNetworks(this);
    next.groupInitialisation = GroupInitialisation.POSITIVE;
    return next;
  }

  /** {@link #groupInitialisation} with w_g along ±D_g, D_g = Σ y_i x_i over the group. */
  public ShallowNetworks alignedGroupInitialisation() {
    ShallowNetworks next = new ShallowNetworks(this);
    next.groupInitialisation = GroupInitialisation.ALIGNED;
    return next;
  }

  /** σ; ReLU unless said. */
  public ShallowNetworks activation(Activation activation) {
    ShallowNetworks next = new ShallowNetworks(this);
    next.activation = activation;
    return next;
  }

  /**
   * Multiplies the hidden weights alone, after the readout was drawn by their norms (the paper's
   * experiment 2 does so with 0.01).
   *
   * @param scale above 0
   */
  public ShallowNetworks weightScale(double scale) {
    ShallowNetworks next = new ShallowNetworks(this);
    next.weightScale = Argument.positive("weightScale", scale);
    return next;
  }

  /**
   * Multiplies hidden weights and readout.
   *
   * @param scale above 0
   */
  public ShallowNetworks scale(double scale) {
    ShallowNetworks next = new ShallowNetworks(this);
    next.scale = Argument.positive("scale", scale);
    return next;
  }

  /** The seed; 0 unless said. */
  public ShallowNetworks seed(long seed) {
    ShallowNetworks next = new ShallowNetworks(this);
    next.seed = seed;
    return next;
  }

  /**
   * Draws the start.
   *
   * @throws IllegalArgumentException if something is missing or does not fit, or all weights are zero
   */
  public ShallowNetwork build() {
    boolean grouped = groupInitialisation != GroupInitialisation.NONE;
    Start start = grouped ? groupStart() : Start.of(data, weights, width(), seed);
    boolean someWeight = false;
    for (double square : start.squaredNorms()) {
      Argument.finite("a squared weight norm", square);
      someWeight |= square > 0;
    }
    Argument.require(someWeight, "weights", "all 0", "not 0 in at least one neuron");
    double[] a = grouped ? groupReadout() : readout.draw(start.squaredNorms(), seed);
    for (int j = 0; j < a.length; j++) {
      a[j] *= scale;
    }
    Start scaled = start.scaled(weightScale * scale);
    return new ShallowNetwork(
        data, activation, scaled.preactivations(), scaled.squaredNorms(), a, scaled.weights(), provenance(a.length));
  }

  private int width() {
    if (neurons.isPresent()) {
      return neurons.getAsInt();
    } else if (weights instanceof WeightLaw.Given given) {
      return given.weights().numRows;
    }
    throw Argument.refused("neurons", "not said", "said, as in neurons(widthFor(n, 0.05))");
  }

  private Start groupStart() {
    Groups groups =
        data.groups().orElseThrow(() -> Argument.refused("the groups of the data", "not said", "said, as in groups(4)"));
    Argument.require(data.orthogonal(), "the data", data, "orthogonal for group initialisation");
    if (neurons.isPresent()) {
      Argument.require(
          neurons.getAsInt() == groups.count(),
          "neurons", neurons.getAsInt(), groups.count() + ", the number of groups, for group initialisation");
    }
    double[] labels = data.labels();
    double[] first = new double[groups.count()];
    for (int i = 0; i < labels.length; i++) {
      int group = groups.of(i);
      first[group] = first[group] == 0 ? labels[i] : first[group];
      Argument.require(
          labels[i] * first[group] > 0, "labels[" + i + "]", labels[i], "not 0 and of one sign in its group " + group);
    }
    return Start.groups(data, groups, groupInitialisation == GroupInitialisation.ALIGNED, seed);
  }

  private double[] groupReadout() {
    Groups groups = data.groups().orElseThrow();
    double[] labels = data.labels();
    double[] signs = new double[groups.count()];
    for (int i = 0; i < labels.length; i++) {
      signs[groups.of(i)] = Math.signum(labels[i]);
    }
    return signs;
  }

  private Provenance provenance(int p) {
    Provenance made = Provenance.none().with("neurons", p).with("activation", activation.name());
    if (groupInitialisation == GroupInitialisation.NONE) {
      made = made.with("weights", weights).with("readout", readout);
    } else {
      made = made.with("group initialisation", groupInitialisation == GroupInitialisation.ALIGNED ? "aligned" : "positive");
    }
    return made
        .with("weight scale", weightScale)
        .with("scale", scale)
        .with("seed", seed)
        .with("data", data.provenance());
  }

  /** What has been said so far. */
  @Override
  public String toString() {
    return "a network to be drawn on " + data + ": " + (neurons.isPresent() ? Numbers.counted(neurons.getAsInt(), "neuron") + ", " : "")
        + activation.name() + ", seed " + seed + "; build() draws it";
  }
}
