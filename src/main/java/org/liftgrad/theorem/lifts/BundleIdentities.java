package org.liftgrad.theorem.lifts;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.liftgrad.blueprint.Activation;
import org.liftgrad.blueprint.ActivationMap;
import org.liftgrad.blueprint.Architectures;
import org.liftgrad.blueprint.Blueprint;
import org.liftgrad.blueprint.Bundle;
import org.liftgrad.blueprint.Edge;
import org.liftgrad.blueprint.FiniteMap;
import org.liftgrad.blueprint.Section;
import org.liftgrad.blueprint.Space;
import org.liftgrad.blueprint.Vertex;
import org.liftgrad.kernel.RandomStream;
import org.liftgrad.lift.Lift;
import org.liftgrad.lift.LiftBuilder;
import org.liftgrad.lift.LiftedNetwork;
import org.liftgrad.lift.ParameterLaw;
import org.liftgrad.lift.PlainPass;
import org.liftgrad.lift.ReadoutLaw;
import org.liftgrad.lift.WidthSchedule;
import org.liftgrad.theorem.Check;
import org.liftgrad.theorem.lifts.Identity.Case;
import org.liftgrad.theorem.lifts.Identity.Found;

/** A1 to A5: bundles, pullback, push-forward, and shared parameters. */
final class BundleIdentities {

  private static final Activation TANH = Activation.tanh();

  private BundleIdentities() {}

  static List<Check> checks() {
    return List.of(pullback(), compositions(), adjoint(), shared(), squares());
  }

  // ---- A1

  private static Check pullback() {
    return Identity.of(
            Check.named(
                "lifts/A1", "Every copy carries what is below it",
                "lifts/definition-3.1", "lifts/definition-3.2", "lifts/figure-2")
                .asks("Has the pullback of a bundle the spaces and points of the images, and the dimension counted by"
                    + " fibres?")
                .holdsIf("no space, no point, no fibre and no dimension differs from what a loop over the set above says")
                .control("the index map: π(u) + 1 in place of π(u)", "every space above"),
            "dimension above",
            new Case("6 → 3, dimensions 1, 2, 3", 0, BundleIdentities::counted))
        .check(1000, 1000, 1);
  }

  private static Found counted(RandomStream stream, int times, boolean broken) {
    List<Space> spaces = new ArrayList<>();
    for (int v = 0; v < 3 * times; v++) {
      spaces.add(Space.of(1 + v % 3));
    }
    Bundle below = Bundle.of(spaces);
    int size = below.size();
    FiniteMap map = RandomLifts.map(stream, 6 * times, size);
    Section section = RandomLifts.section(stream, below);
    int[] shifted = new int[map.domain()];
    Arrays.setAll(shifted, u -> (map.apply(u) + 1) % size);
    FiniteMap used = broken ? FiniteMap.of(size, shifted) : map;
    Bundle above = below.pullback(used);
    Section pulled = section.pullback(used);
    int wrong = 0;
    int dimension = 0;
    int[] counts = new int[size];
    for (int u = 0; u < map.domain(); u++) {
      int v = map.apply(u);
      counts[v]++;
      dimension += 1 + v % 3;
      wrong += above.space(u).equals(spaces.get(v)) ? 0 : 1;
      wrong += Arrays.equals(pulled.at(u), section.at(v)) ? 0 : 1;
    }
    wrong += above.dimension() == dimension && pulled.values().length == dimension ? 0 : 1;
    for (int v = 0; v < size; v++) {
      int[] fibre = used.fibre(v);
      wrong += fibre.length == counts[v] && Arrays.stream(fibre).allMatch(u -> map.apply(u) == used.apply(u)) ? 0 : 1;
    }
    return new Found(above.dimension(), wrong);
  }

  // ---- A2

  private static Check compositions() {
    return Identity.of(
            Check.named("lifts/A2", "Pullbacks turn compositions around", "lifts/definition-3.2")
                .asks("Is the pullback along π ∘ ρ that along π and then along ρ, and that along the identity nothing?")
                .holdsIf("all entries are the same numbers, for maps of one set into itself and for chains of three sets")
                .control("the composition swapped: ρ ∘ π in place of π ∘ ρ, for maps of a set into itself", "most entries"),
            "dimension below",
            new Case("maps of one set into itself", 0, BundleIdentities::composed))
        .check(1000, 1000, 0.99);
  }

  private static Found composed(RandomStream stream, int times, boolean broken) {
    int size = 6 * times;
    FiniteMap first = RandomLifts.map(stream, size, size);
    FiniteMap second = RandomLifts.map(stream, size, size);
    Section section = RandomLifts.section(stream, RandomLifts.bundle(stream, size));
    Section inSteps = section.pullback(second).pullback(first);
    Section atOnce = section.pullback(broken ? first.after(second) : second.after(first));
    int wrong = Identity.unequal(atOnce.values(), inSteps.values()) + (atOnce.bundle().equals(inSteps.bundle()) ? 0 : 1);
    wrong += section.pullback(FiniteMap.identity(size)).equals(section) ? 0 : 1;
    FiniteMap from = RandomLifts.map(stream, size + 2, size);
    FiniteMap into = RandomLifts.map(stream, size, size - 1);
    Section smaller = RandomLifts.section(stream, RandomLifts.bundle(stream, size - 1));
    wrong += smaller.pullback(into.after(from)).equals(smaller.pullback(into).pullback(from)) ? 0 : 1;
    return new Found(section.bundle().dimension(), wrong);
  }

  // ---- A3

  private static Check adjoint() {
    return Identity.of(
            Check.named("lifts/A3", "Adding over fibres is the adjoint of pulling back", "lifts/definition-3.2")
                .asks("Is ⟨π*y, z⟩ = ⟨y, π_*z⟩, and π_*π*y the size of the fibre times y, also where fibres are empty?")
                .holdsIf("both sides differ by at most 1e-12 of the larger of 1 and their value in every draw")
                .control("the push-forward as a mean over the fibre in place of a sum", "factor: the size of the fibre"),
            "empty fibres",
            new Case("6 → 5", 1e-12, BundleIdentities::adjointness))
        .check(1000, 1000, 0.88);
  }

  private static Found adjointness(RandomStream stream, int times, boolean broken) {
    int size = 5 * times;
    FiniteMap map = RandomLifts.map(stream, 6 * times, size);
    Bundle below = RandomLifts.bundle(stream, size);
    Section section = RandomLifts.section(stream, below);
    Section above = RandomLifts.section(stream, below.pullback(map));
    double left = section.pullback(map).inner(above);
    double right = section.inner(pushed(above, map, below, broken));
    double gap = Identity.difference(new double[] {right}, new double[] {left});
    Section there = pushed(section.pullback(map), map, below, broken);
    double[] multiples = section.values();
    int empty = 0;
    for (int v = 0; v < size; v++) {
      int inFibre = 0;
      for (int u = 0; u < map.domain(); u++) {
        inFibre += map.apply(u) == v ? 1 : 0;
      }
      empty += inFibre == 0 ? 1 : 0;
      for (int k = below.start(v); k < below.start(v + 1); k++) {
        multiples[k] *= inFibre;
      }
    }
    return new Found(empty, Math.max(gap, Identity.difference(there.values(), multiples)));
  }

  private static Section pushed(Section above, FiniteMap map, Bundle below, boolean mean) {
    Section sum = above.pushForward(map, below);
    if (!mean) {
      return sum;
    }
    double[] values = sum.values();
    int[] sizes = map.fibreSizes();
    for (int v = 0; v < sizes.length; v++) {
      for (int k = below.start(v); k < below.start(v + 1); k++) {
        values[k] /= Math.max(1, sizes[v]);
      }
    }
    return Section.of(below, values);
  }

  // ---- A4

  private static Check shared() {
    return Identity.of(
            Check.named(
                "lifts/A4", "Shared weights are a pullback, their gradient a push-forward",
                "lifts/weight-sharing", "lifts/definition-3.2")
                .asks(
                    "Is a convolution by pixels with tied weights the convolution by channels, and is the gradient of shared"
                        + " parameters the sum over the edges that share them?")
                .holdsIf(
                    "outputs and gradients by pixels and by channels differ by at most 1e-10, gradient and"
                        + " push-forward by at most"
                        + " 1e-10, and both from central differences by at most 1e-6, relative to the larger of 1 and"
                        + " the value")
                .control(
                    "the tying: offsets i − j in place of j − i, and for gradients one edge of a group in place of"
                        + " their sum",
                    "every kernel that is not symmetric; every group of two edges or more"),
            "parameters",
            new Case("by pixels and by channels", 1e-10, BundleIdentities::byPixelsAndChannels),
            new Case("gradient and push-forward", 1e-10, (stream, times, broken) -> tiedGradient(stream, broken, false)),
            new Case("gradient and differences", 1e-6, (stream, times, broken) -> tiedGradient(stream, broken, true)))
        .check(8, 100, 0.98);
  }

  private static Found byPixelsAndChannels(RandomStream stream, int times, boolean broken) {
    int[] variant = new int[][] {{1, 0}, {1, 1}, {2, 1}}[stream.nextInt(3)];
    Space image = Space.of(5, 4);
    Space kernel = Space.of(3, 3);
    Blueprint channels = Architectures.convolutional(image, kernel, variant[0], variant[1], 1, TANH);
    Blueprint pixels = Architectures.convolutionalByPixels(image, kernel, variant[0], variant[1], 1, TANH);
    LiftedNetwork first =
        LiftBuilder.lift(channels).fibre("x", 2).width("h1", 3 * times).weights(ParameterLaw.normal(0.7))
            .readout(ReadoutLaw.same(ParameterLaw.normal(0.7))).seed(stream.nextLong()).full();
    LiftBuilder builder = LiftBuilder.lift(pixels).widths(WidthSchedule.constant(3 * times));
    for (Vertex input : pixels.inputs()) {
      builder = builder.fibre(input.name(), 2);
    }
    Lift second = builder.full().lift();
    int outPixels = channels.vertex("h1").space().dimension();
    int batch = 3;
    double[] rows = RandomLifts.gaussian(stream, 2 * image.dimension() * batch);
    double[] moved = new double[rows.length];
    for (int c = 0; c < 2; c++) {
      for (int pixel = 0; pixel < image.dimension(); pixel++) {
        System.arraycopy(rows, (c * image.dimension() + pixel) * batch, moved, (pixel * 2 + c) * batch, batch);
      }
    }
    PlainPass one = new PlainPass(first.lift(), first.parameters(), rows, batch);
    PlainPass other = new PlainPass(second, byPixels(first, second, outPixels, broken), moved, batch);
    double[] up = RandomLifts.gaussian(stream, batch);
    // The gradient of the one, moved into the layout of the other: a linear map, but for the readout's factor.
    double[] expected =
        byPixels(LiftedNetwork.of(first.lift(), one.reverse(up).parameters()), second, outPixels, broken);
    int readout = second.blockStart(pixels.edge("h1.0", "t").group());
    for (int c = 0; c < 3 * times; c++) {
      expected[readout + c] *= (double) outPixels * outPixels;
    }
    return new Found(
        second.parameters(),
        Math.max(
            Identity.difference(other.outputs(), one.outputs()),
            Identity.difference(other.reverse(up).parameters(), expected)));
  }

  /** The parameters of the pixel network that compute what those of the channel network do. */
  private static double[] byPixels(LiftedNetwork channels, Lift pixels, int outPixels, boolean turned) {
    double[] parameters = new double[pixels.parameters()];
    String place = "layer 1 place ";
    for (Edge edge : pixels.blueprint().edges()) {
      int at = pixels.blockStart(edge.group());
      String group = pixels.blueprint().groupNames().get(edge.group());
      int count = pixels.edges(edge.index()).count();
      for (int e = 0; e < count; e++) {
        if (group.startsWith(place)) {
          int offset = Integer.parseInt(group.substring(place.length()));
          parameters[at + e] = channels.weights("x", "h1")[e * 9 + (turned ? 8 - offset : offset)];
        } else if (group.equals("layer 1 bias")) {
          parameters[at + e] = channels.weights("one", "h1")[e];
        } else if (group.equals("readout")) {
          parameters[at + e] = channels.weights("h1", "t")[e] / outPixels;
        } else {
          parameters[at + e] = channels.weights("one", "t")[e];
        }
      }
    }
    return parameters;
  }

  private static Found tiedGradient(RandomStream stream, boolean broken, boolean byDifferences) {
    Blueprint tied =
        stream.nextInt(2) == 0
            ? Architectures.convolutionalByPixels(Space.of(4, 4), Space.of(2, 2), 1, 0, 2, TANH)
            : Architectures.recurrent(4, TANH);
    Blueprint untied = tied.untied();
    Section parameters = RandomLifts.section(stream, tied.parameters());
    int batch = 3;
    double[] rows = RandomLifts.gaussian(stream, tied.inputs().size() * batch);
    double[] up = RandomLifts.gaussian(stream, batch);
    Section free =
        new ActivationMap(untied, parameters.pullback(tied.tying()), rows, batch).reverse(up).parameters();
    double[] pushed = free.pushForward(tied.tying(), tied.parameters()).values();
    if (broken) {
      for (Edge edge : tied.edges()) {
        pushed[tied.parameters().start(edge.group())] = free.at(edge.index())[0];
      }
    }
    if (!byDifferences) {
      double[] gradient = new ActivationMap(tied, parameters, rows, batch).reverse(up).parameters().values();
      return new Found(pushed.length, Identity.difference(pushed, gradient));
    }
    double[] slopes = new double[pushed.length];
    for (int k = 0; k < slopes.length; k++) {
      slopes[k] = (along(tied, parameters, k, 1e-5, rows, up) - along(tied, parameters, k, -1e-5, rows, up)) / 2e-5;
    }
    return new Found(pushed.length, Identity.difference(pushed, slopes));
  }

  private static double along(Blueprint tied, Section parameters, int entry, double step, double[] rows, double[] up) {
    double[] moved = parameters.values();
    moved[entry] += step;
    double[] outputs = new ActivationMap(tied, Section.of(tied.parameters(), moved), rows, up.length).outputs();
    double sum = 0;
    for (int s = 0; s < up.length; s++) {
      sum += up[s] * outputs[s];
    }
    return sum;
  }

  // ---- A5

  private static Check squares() {
    return Identity.of(
            Check.named("lifts/A5", "Adding and looking go through a pull-back square", "lifts/definition-3.2")
                .asks("Is g* f_* = f'_* g'* for the square of pairs with f(a) = g(b)?")
                .holdsIf("all entries are the same numbers in every draw")
                .control("the square: one pair is missing, so that it is no pull-back", "one summand"),
            "pairs",
            new Case("5 → 3 ← 4", 0, BundleIdentities::square))
        .check(1000, 1000, 0.99);
  }

  private static Found square(RandomStream stream, int times, boolean broken) {
    FiniteMap f = RandomLifts.map(stream, 5 * times, 3 * times);
    FiniteMap g = RandomLifts.map(stream, 4 * times, 3 * times);
    List<Space> spaces = new ArrayList<>();
    for (int v = 0; v < 3 * times; v++) {
      // Without dimension 0, so that a missing pair is missed.
      spaces.add(Space.of(1 + v % 3));
    }
    Bundle below = Bundle.of(spaces);
    Section section = RandomLifts.section(stream, below.pullback(f));
    List<int[]> pairs = new ArrayList<>();
    for (int a = 0; a < f.domain(); a++) {
      for (int b = 0; b < g.domain(); b++) {
        if (f.apply(a) == g.apply(b)) {
          pairs.add(new int[] {a, b});
        }
      }
    }
    if (broken && !pairs.isEmpty()) {
      pairs.remove(stream.nextInt(pairs.size()));
    }
    FiniteMap toA = FiniteMap.of(f.domain(), pairs.stream().mapToInt(pair -> pair[0]).toArray());
    FiniteMap toB = FiniteMap.of(g.domain(), pairs.stream().mapToInt(pair -> pair[1]).toArray());
    Section added = section.pushForward(f, below).pullback(g);
    Section around = section.pullback(toA).pushForward(toB, below.pullback(g));
    return new Found(pairs.size(), Identity.unequal(around.values(), added.values()));
  }
}
