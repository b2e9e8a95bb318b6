package org.liftgrad.bench;

import java.util.List;
import java.util.function.UnaryOperator;
import org.liftgrad.flow.GradientFlow;
import org.liftgrad.flow.Method;
import org.liftgrad.shallow.ShallowNetwork;

/**
 * A method of ours, as the pictures name it. Every job of whole flows goes through this table: a new
 * integrator is one more line here.
 *
 * @param name for tables and legends
 * @param chosen sets the method, and the path of the products
 * @param tolerances those to try, loosest first
 * @param reference the tolerance for the state to compare with, 100 times finer than the finest of those
 * @param mostPairs n·p up to which it is tried: beyond, a run would take too long to be measured
 */
record OwnMethod(
    String name, UnaryOperator<GradientFlow> chosen, List<Double> tolerances, double reference, int mostPairs) {

  /** All, the one to take references from first. */
  static final List<OwnMethod> ALL =
      List.of(
          new OwnMethod(
              "exact flow, event by event",
              flow -> flow.method(Method.exact()), List.of(1e-4, 1e-6, 1e-8, 1e-10), 1e-12, 6000));

  /** Those that can follow so many pairs. */
  static List<OwnMethod> forPairs(int pairs) {
    return ALL.stream().filter(method -> pairs <= method.mostPairs).toList();
  }

  /** The flow of a start by this method. */
  GradientFlow flow(ShallowNetwork start, double tolerance) {
    return chosen.apply(GradientFlow.gradientFlow(start)).tolerance(tolerance);
  }
}
