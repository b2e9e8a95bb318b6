package org.liftgrad.blueprint;

import java.util.Optional;

/**
 * A vertex v of a blueprint.
 *
 * @param index its number in the blueprint, whose vertices are counted in a topological order
 * @param name not blank
 * @param role whether its activation is given, constant or computed
 * @param output whether it belongs to T, the outputs
 * @param space Y_v
 * @param activation σ_v; present for a computed vertex only
 */
public record Vertex(
    int index, String name, Role role, boolean output, Space space, Optional<ActivationFunction> activation) {

  /** Where a vertex has its activation from. */
  public enum Role {
    /** Given with each sample: a vertex of I. */
    INPUT,
    /** Always 1, for biases: a vertex of I with Y = R. */
    CONSTANT,
    /** Made of the pre-activations that arrive. */
    COMPUTED
  }

  /** Name and space. */
  @Override
  public String toString() {
    return name + " ∈ " + space;
  }
}
