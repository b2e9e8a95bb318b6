package org.liftgrad.theorem.lifts;

import org.liftgrad.lift.LiftedNetwork;
import org.liftgrad.lift.Passes;
import org.liftgrad.lift.Regression;

/**
 * A network of one output near its parameters, f + J u, written out: the residual r and the columns of J on the samples,
 * each scaled by the root of its mass. What {@link org.liftgrad.lift.TangentFeatures} says is judged by this, which shares
 * no decomposition with it.
 */
final class Linearisation {

  /** A column whose rest is this small beside the longest column depends on those before it. */
  private static final double DEPENDENT = 1e-13;

  private final double[] residual;
  private final double[][] columns;

  private Linearisation(double[] residual, double[][] columns) {
    this.residual = residual;
    this.columns = columns;
  }

  static Linearisation of(LiftedNetwork network, Regression regression) {
    Passes passes = new Passes(network.lift(), regression);
    double[] parameters = network.parameters();
    double[] targets = regression.targets();
    double[] masses = regression.masses();
    double[] outputs = new double[targets.length];
    passes.outputs(parameters, outputs);
    double[] residual = new double[targets.length];
    double[][] columns = new double[parameters.length][targets.length];
    double[] unit = new double[targets.length];
    double[] row = new double[parameters.length];
    for (int i = 0; i < targets.length; i++) {
      unit[i] = Math.sqrt(masses[i]);
      residual[i] = unit[i] * (outputs[i] - targets[i]);
      passes.transposedDerivative(parameters, unit, row);
      unit[i] = 0;
      for (int k = 0; k < row.length; k++) {
        columns[k][i] = row[k];
      }
    }
    return new Linearisation(residual, columns);
  }

  /** L = ‖r‖². */
  double loss() {
    return inner(residual, residual);
  }

  /** r + factor · J u. */
  double[] residualAfter(double[] step, double factor) {
    double[] after = residual.clone();
    for (int k = 0; k < columns.length; k++) {
      add(after, factor * step[k], columns[k]);
    }
    return after;
  }

  /** ‖r + factor · J u‖². */
  double lossAfter(double[] step, double factor) {
    double[] after = residualAfter(step, factor);
    return inner(after, after);
  }

  /** Jᵀ v. */
  double[] transposed(double[] vector) {
    double[] product = new double[columns.length];
    for (int k = 0; k < product.length; k++) {
      product[k] = inner(columns[k], vector);
    }
    return product;
  }

  /** −Jᵀ r/‖Jᵀ r‖, the direction of steepest descent. */
  double[] steepest() {
    double[] direction = transposed(residual);
    double length = Math.sqrt(inner(direction, direction));
    for (int k = 0; k < direction.length; k++) {
      direction[k] /= -length;
    }
    return direction;
  }

  /**
   * A number that ‖r + J u‖ is not below for any ‖u‖ ≤ c: (⟨v, r⟩ − c ‖Jᵀ v‖)/‖v‖, for any v that is not 0 (weak duality:
   * ‖v‖ ‖r + J u‖ ≥ ⟨v, r⟩ + ⟨Jᵀ v, u⟩). With v = r it is Lemma 2.4.
   */
  double dualBound(double[] vector, double radius) {
    double[] image = transposed(vector);
    return (inner(vector, residual) - radius * Math.sqrt(inner(image, image))) / Math.sqrt(inner(vector, vector));
  }

  /**
   * What a projection says.
   *
   * @param left ‖r‖² less that of its projection on the range of J
   * @param weakest of the columns that span the range, what the last one adds, over the longest column
   */
  record Projection(double left, double weakest) {}

  /** By Gram and Schmidt with pivots, every column cleaned twice. */
  Projection projection() {
    double[][] rest = new double[columns.length][];
    double longest = 0;
    for (int k = 0; k < rest.length; k++) {
      rest[k] = columns[k].clone();
      longest = Math.max(longest, inner(rest[k], rest[k]));
    }
    double projected = 0;
    double weakest = 1;
    for (int found = 0; found < rest.length; found++) {
      int pivot = found;
      for (int k = found; k < rest.length; k++) {
        pivot = inner(rest[k], rest[k]) > inner(rest[pivot], rest[pivot]) ? k : pivot;
      }
      double[] unit = rest[pivot];
      rest[pivot] = rest[found];
      rest[found] = unit;
      for (int k = 0; k < found; k++) {
        add(unit, -inner(rest[k], unit), rest[k]);
      }
      double length = Math.sqrt(inner(unit, unit));
      if (length <= DEPENDENT * Math.sqrt(longest)) {
        break;
      }
      weakest = length / Math.sqrt(longest);
      for (int i = 0; i < unit.length; i++) {
        unit[i] /= length;
      }
      projected += inner(unit, residual) * inner(unit, residual);
      for (int k = found + 1; k < rest.length; k++) {
        add(rest[k], -inner(unit, rest[k]), unit);
        add(rest[k], -inner(unit, rest[k]), unit);
      }
    }
    return new Projection(loss() - projected, weakest);
  }

  private static void add(double[] sum, double factor, double[] vector) {
    for (int i = 0; i < sum.length; i++) {
      sum[i] += factor * vector[i];
    }
  }

  private static double inner(double[] one, double[] other) {
    double sum = 0;
    for (int i = 0; i < one.length; i++) {
      sum += one[i] * other[i];
    }
    return sum;
  }
}
