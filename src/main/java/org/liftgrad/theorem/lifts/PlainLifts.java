package org.liftgrad.theorem.lifts;

import org.liftgrad.blueprint.Activation;
import org.liftgrad.blueprint.Blueprint;
import org.liftgrad.blueprint.BlueprintBuilder;
import org.liftgrad.lift.LiftBuilder;
import org.liftgrad.lift.LiftedNetwork;

/** Perceptrons without biases on two inputs, tanh, and witnesses for them whose weights are 1 and −1. */
final class PlainLifts {

  private PlainLifts() {}

  /** x → h1 → … → hL → t. */
  static Blueprint blueprint(int depth) {
    BlueprintBuilder builder = Blueprint.blueprint("perceptron without biases").input("x");
    for (int layer = 1; layer <= depth; layer++) {
      builder = builder.vertex("h" + layer, Activation.tanh()).from(layer == 1 ? "x" : "h" + (layer - 1));
    }
    return builder.readout("t").from("h" + depth).build();
  }

  /** Lifts of in-degree 2 and width n. */
  static LiftBuilder lifts(int depth, int width) {
    LiftBuilder lifts = LiftBuilder.lift(blueprint(depth)).fibre("x", 2).inDegree(2);
    for (int layer = 1; layer <= depth; layer++) {
      lifts = lifts.width("h" + layer, width);
    }
    return lifts;
  }

  /** tanh(x₁ + sign x₂), by one hidden vertex and the readout 1. */
  static LiftedNetwork ridge(double sign) {
    return LiftedNetwork.of(
        LiftBuilder.lift(blueprint(1)).fibre("x", 2).width("h1", 1).full().lift(), 1, sign, 1);
  }

  /** tanh(tanh(x₁ + x₂) − tanh(x₁ − x₂)), by two vertices and one above them, and the readout 1. */
  static LiftedNetwork ridgeOfRidges() {
    return LiftedNetwork.of(
        LiftBuilder.lift(blueprint(2)).fibre("x", 2).width("h1", 2).width("h2", 1).full().lift(), 1, 1, 1, -1, 1, -1, 1);
  }

  /** The witness of a depth. */
  static LiftedNetwork witness(int depth) {
    return depth == 1 ? ridge(1) : ridgeOfRidges();
  }
}
