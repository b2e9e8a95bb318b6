package org.liftgrad.flow;

import org.ejml.data.DMatrixRMaj;
import org.liftgrad.shallow.ShallowNetwork;

/** Lets the benchmarks time one right-hand side by itself, which the library does not hand out. */
public final class SideAccess {

  private SideAccess() {}

  /**
   * The right-hand side of a start, in the coordinates that the library chooses.
   *
   * @param start a network
   * @param speeds p·n numbers; each run of the result writes U' into them, neuron by neuron
   */
  public static Runnable rightHandSide(ShallowNetwork start, double[] speeds) {
    FlowProblem problem = new FlowProblem(start);
    double[] residual = new double[problem.points];
    double[] coefficientSpeeds = new double[problem.pairs()];
    double[] readoutSpeeds = new double[problem.neurons];
    DMatrixRMaj coefficients = DMatrixRMaj.wrap(problem.neurons, problem.points, coefficientSpeeds);
    DMatrixRMaj result = DMatrixRMaj.wrap(problem.neurons, problem.points, speeds);
    return () -> {
      problem.residual(problem.startPreactivations, problem.startReadout, residual);
      problem.speeds(problem.startPreactivations, problem.startReadout, residual, coefficientSpeeds, readoutSpeeds);
      problem.product.multiply(coefficients, result);
    };
  }
}
