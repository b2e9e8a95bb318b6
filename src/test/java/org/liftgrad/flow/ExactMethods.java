package org.liftgrad.flow;

import java.util.stream.Stream;

/** The methods that follow the exact flow: each must pass every test that is parameterised by these. */
final class ExactMethods {

  private ExactMethods() {}

  static Stream<Method> all() {
    return Stream.of(Method.eventByEvent(), Method.neuronByNeuron());
  }
}
