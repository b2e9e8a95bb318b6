package org.liftgrad.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.liftgrad.flow.GradientFlow;
import org.liftgrad.flow.Method;
import org.liftgrad.flow.Solution;
import org.liftgrad.flow.Trajectory;
import org.liftgrad.kernel.DenseProducts;
import org.liftgrad.kernel.ProductPath;
import org.liftgrad.shallow.ShallowNetwork;

/**
 * A method of ours on one of our paths of products, as the pictures name it. Every job of whole flows goes
 * through this table: a new integrator is one more line here.
 *
 * @param name for tables and legends
 * @param chosen sets the method
 * @param products the path of the products
 * @param tolerances those to try, loosest first
 * @param reference the tolerance for the state to compare with, 100 times finer than the finest of those
 * @param onAllPaths is it worth measuring on other products than Java's? Neuron by neuron hardly forms any
 * @param mostPairs n·p up to which it is tried: beyond, a run would take too long to be measured
 */
record OwnMethod(
    String name, UnaryOperator<GradientFlow> chosen, ProductPath products, List<Double> tolerances, double reference,
    boolean onAllPaths, int mostPairs) {

  /** The methods, on Java's products; the one to take references from first. */
  private static final List<OwnMethod> METHODS =
      List.of(
          new OwnMethod(
              "exact flow, event by event", flow -> flow.method(Method.eventByEvent()), ProductPath.JAVA,
              List.of(1e-4, 1e-6, 1e-8, 1e-10), 1e-12, true, 6000),
          new OwnMethod(
              "exact flow, neuron by neuron", flow -> flow.method(Method.neuronByNeuron()), ProductPath.JAVA,
              List.of(1e-4, 1e-5, 1.5e-6, 1e-6), 1e-8, false, 200_000));

  /** All, on the default path and, where another works here, on the fastest: the one to take references from first. */
  static List<OwnMethod> all() {
    List<OwnMethod> all = new ArrayList<>(METHODS);
    DenseProducts fastest = DenseProducts.of(ProductPath.FASTEST);
    if (fastest.path() != ProductPath.JAVA) {
      METHODS.stream().filter(OwnMethod::onAllPaths).forEach(method -> all.add(method.on(fastest)));
    }
    return all;
  }

  /** Those that can follow so many pairs. */
  static List<OwnMethod> forPairs(int pairs) {
    return all().stream().filter(method -> pairs <= method.mostPairs).toList();
  }

  private OwnMethod on(DenseProducts path) {
    return new OwnMethod(name + ", products: " + path.name(), chosen, path.path(), tolerances, reference, onAllPaths, mostPairs);
  }

  /** The flow of a start by this method on this path of products; to be solved by {@link #solve} or {@link #trajectory}. */
  GradientFlow flow(ShallowNetwork start, double tolerance) {
    return chosen.apply(GradientFlow.gradientFlow(start)).products(products).tolerance(tolerance);
  }

  /**
   * Solves.
   *
   * @throws IllegalStateException where the run ends for another reason than the one asked for
   */
  Solution solve(GradientFlow flow) {
    Solution solution = flow.solve();
    if (!solution.ending().asAsked()) {
      throw new IllegalStateException(name + ": " + solution.ending().advice());
    }
    return solution;
  }

  /** Solves and keeps the states. */
  Trajectory trajectory(GradientFlow flow, double[] times) {
    return Trajectory.of(flow, times);
  }
}
