package org.liftgrad.bench;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.liftgrad.flow.RightHandSide;
import org.liftgrad.kernel.DenseProducts;
import org.liftgrad.kernel.ProductPath;
import org.liftgrad.shallow.ShallowNetwork;

/** One right-hand side of ours at a start, to be called again and again. */
final class Side {

  private final RightHandSide side;
  private final double[] preactivations;
  private final double[] readout;
  private final double[] residual;
  private final double[] speeds;
  private final double[] readoutSpeeds;

  private Side(RightHandSide side, double[] preactivations, double[] readout) {
    this.side = side;
    this.preactivations = preactivations;
    this.readout = readout;
    residual = new double[side.points()];
    speeds = new double[preactivations.length];
    readoutSpeeds = new double[readout.length];
  }

  /** The paths of our products that work here: Java's first, which is the default. */
  static List<DenseProducts> paths() {
    return Stream.of(ProductPath.JAVA, ProductPath.VECTOR, ProductPath.NATIVE)
        .map(DenseProducts::of).filter(found -> found.reason().isEmpty()).toList();
  }

  /** Why the others do not. */
  static List<String> missing() {
    return Stream.of(ProductPath.VECTOR, ProductPath.NATIVE)
        .map(DenseProducts::of).map(DenseProducts::reason).flatMap(Optional::stream).toList();
  }

  /** By the Gram matrix. */
  static Side gram(ShallowNetwork start, DenseProducts products) {
    RightHandSide side =
        RightHandSide.gram(start.activation(), start.data().labels(), start.neurons(), start.data().gram(), products);
    return new Side(side, byNeuron(start), start.readout());
  }

  /** By the diagonal of the Gram matrix. */
  static Side diagonal(ShallowNetwork start, DenseProducts products) {
    RightHandSide side =
        RightHandSide.diagonal(
            start.activation(), start.data().labels(), start.neurons(), start.data().squaredNorms(), products);
    return new Side(side, byNeuron(start), start.readout());
  }

  private static double[] byNeuron(ShallowNetwork start) {
    var matrix = start.preactivations();
    double[] flat = new double[matrix.getNumElements()];
    for (int i = 0; i < matrix.numRows; i++) {
      for (int j = 0; j < matrix.numCols; j++) {
        flat[j * matrix.numRows + i] = matrix.get(i, j);
      }
    }
    return flat;
  }

  /** Evaluates it once. */
  void run() {
    side.evaluate(preactivations, readout, residual, speeds, readoutSpeeds);
  }

  /** U' of the last run, neuron by neuron. */
  double[] speeds() {
    return speeds;
  }

  /** Seconds a run, over so many in a row. */
  double seconds(int calls) {
    return Rounds.seconds(
            () -> {
              for (int k = 0; k < calls; k++) {
                run();
              }
            })
        / calls;
  }

  /** How many runs in a row take at least so many seconds. */
  int calls(double together) {
    int calls = 1;
    while (seconds(calls) * calls < together && calls < 1 << 20) {
      calls *= 2;
    }
    return calls;
  }
}
