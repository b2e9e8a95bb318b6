package org.liftgrad.blueprint;

import java.util.List;
import org.liftgrad.kernel.Argument;

/** What message and activation functions demand of the spaces that they are put on. */
final class Arity {

  private Arity() {}

  /** A copy of the spaces, of which there must be so many. */
  static List<Space> of(int count, List<Space> inputs) {
    Argument.require(
        inputs.size() == count, "the number of pre-activations", inputs.size(), Integer.toString(count));
    return List.copyOf(inputs);
  }

  /** As {@link #of}, all the same space. */
  static List<Space> alike(int count, List<Space> inputs) {
    List<Space> alike = of(count, inputs);
    for (Space space : alike) {
      Argument.require(
          space.equals(alike.get(0)), "a pre-activation", "in " + space, "in " + alike.get(0) + " as the first one");
    }
    return alike;
  }

  /** A space of arrays with so many sizes. */
  static Space ranked(String name, Space space, int rank, String allowed) {
    Argument.require(space.rank() == rank && space.dimension() > 0, name, "in " + space, allowed);
    return space;
  }
}
