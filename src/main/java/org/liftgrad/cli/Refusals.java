package org.liftgrad.cli;

import java.util.function.Supplier;

/** Refusals of the library, told in the words of the command line. */
final class Refusals {

  private Refusals() {}

  /** Runs a part of a command; the sentence of a refusal then begins with the options it is about. */
  static <T> T of(String options, Supplier<T> part) {
    try {
      return part.get();
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(options + ": " + e.getMessage(), e);
    }
  }
}
