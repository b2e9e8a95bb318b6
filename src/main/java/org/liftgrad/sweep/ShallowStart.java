package org.liftgrad.sweep;

import java.util.List;
import org.liftgrad.data.Dataset;
import org.liftgrad.data.InputLaw;
import org.liftgrad.data.OrthogonalData;
import org.liftgrad.data.SubGaussianData;
import org.liftgrad.kernel.Argument;
import org.liftgrad.blueprint.Activation;
import org.liftgrad.shallow.ShallowNetwork;
import org.liftgrad.shallow.ShallowNetworks;
import org.liftgrad.shallow.WeightLaw;

/**
 * {@code shallow-start}: data and the start of a shallow network are drawn, and nothing is run: how often is a start
 * well initialised (weakly interacting data, Lemma 5)? A fraction of a millisecond a run.
 */
final class ShallowStart {

  private ShallowStart() {}

  /** The parameters that say which data and which start; {@link ShallowFlow} has them too. */
  static Experiment.Draft parameters(String name, String title) {
    return Experiment.named(name)
        .title(title)
        .whole("points", 1, 11_585).meaning("n")
        .whole("dimension", 1, 1_000_000_000_000_000L).meaning("d")
        .whole("neurons", 1, 10_000_000).meaning("p")
        .text("law", "S", "gaussian", "sphere", "rademacher", "orthogonal").otherwise("S")
        .meaning("of the inputs: S is the papers' law, uniform directions and norms uniform on [1, 2]; |labels| are uniform"
            + " on [1, 2], of fair signs")
        .text("inputs", "either", "exact-in-law", "stored").otherwise("either")
        .meaning("exact-in-law draws the Gram matrix only; either does so where the law allows it and n + p ≤ d")
        .text("weights", "uniform", "gaussian").otherwise("uniform")
        .meaning("uniform on ±1/√d, or gaussian of the same variance, which alone is quick in dimensions past a million")
        .text("readout", "dominant", "balanced", "default").otherwise("dominant")
        .meaning("|a| = ‖w‖ + Exp(1), |a| = ‖w‖, or uniform on ±1/√p")
        .number("scale", 1e-12, 1e12).otherwise(1.0).meaning("the start, weights and readout, is multiplied by it")
        .number("negative slope", 0, 0.999).otherwise(0.0).meaning("of a leaky ReLU; 0 for ReLU");
  }

  static Experiment experiment() {
    return parameters("shallow-start", "the start of a shallow network, not followed")
        .runs(
            List.of(
                Column.yesOrNo("well initialised"), Column.yesOrNo("Assumption 1"), Column.number("start loss"),
                Column.number("interaction")),
            run -> {
              ShallowNetwork network = network(run);
              Row row =
                  Row.start()
                      .and("well initialised", network.wellInitialised())
                      .and("Assumption 1", network.satisfiesAssumption1())
                      .and("start loss", network.loss());
              return run.records("interaction") ? row.and("interaction", interaction(network)) : row;
            });
  }

  /** The smallest κ at which Assumption 2 holds of the data. */
  static double interaction(ShallowNetwork network) {
    return network.data().weakInteraction(1).smallestKappa();
  }

  /** Draws the data and the start that a run is told. */
  static ShallowNetwork network(Run run) {
    Dataset data = data(run);
    ShallowNetworks network =
        ShallowNetworks.shallowNetwork(data).neurons(run.whole("neurons")).seed(run.seed("start")).scale(run.number("scale"));
    if (run.text("weights").equals("gaussian")) {
      network = network.weights(WeightLaw.gaussian(1 / Math.sqrt(3.0 * data.dimension())));
    }
    network =
        switch (run.text("readout")) {
          case "balanced" -> network.balancedReadout();
          case "default" -> network.defaultReadout();
          default -> network.dominantReadout();
        };
    double slope = run.number("negative slope");
    return (slope == 0 ? network : network.activation(Activation.leakyRelu(slope))).build();
  }

  private static Dataset data(Run run) {
    int points = run.whole("points");
    long dimension = run.wholeLong("dimension");
    long seed = run.seed("data");
    String inputs = run.text("inputs");
    boolean room = points + (long) run.whole("neurons") <= dimension;
    if (run.text("law").equals("orthogonal")) {
      OrthogonalData data = OrthogonalData.orthogonalData().points(points).dimension(dimension).seed(seed);
      return inputs.equals("exact-in-law") || inputs.equals("either") && room ? data.exactInLaw().build() : data.build();
    }
    SubGaussianData data =
        switch (run.text("law")) {
          case "gaussian" -> SubGaussianData.subGaussianData();
          case "sphere" -> SubGaussianData.subGaussianData().law(InputLaw.sphere());
          case "rademacher" -> SubGaussianData.subGaussianData().law(InputLaw.rademacher());
          default -> SubGaussianData.lawS();
        };
    boolean rotated = !run.text("law").equals("rademacher");
    Argument.require(
        rotated || !inputs.equals("exact-in-law"), "inputs", inputs, "either or stored for the law rademacher");
    data = data.points(points).dimension(dimension).seed(seed);
    return inputs.equals("exact-in-law") || inputs.equals("either") && room && rotated
        ? data.exactInLaw().build()
        : data.build();
  }
}
