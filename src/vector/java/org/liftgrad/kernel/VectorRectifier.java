package org.liftgrad.kernel;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** {@link Rectifier} by vectors of up to eight numbers. */
final class VectorRectifier implements Rectifier {

  private static final VectorSpecies<Double> SPECIES =
      DoubleVector.SPECIES_PREFERRED.length() > 8 ? DoubleVector.SPECIES_512 : DoubleVector.SPECIES_PREFERRED;
  private static final int LANES = SPECIES.length();

  /** Vectors that make eight running sums. */
  private static final int PARTS = 8 / LANES;

  @Override
  public void addRectified(double[] values, int at, double factor, double[] sums, int count) {
    DoubleVector f = DoubleVector.broadcast(SPECIES, factor);
    DoubleVector zero = DoubleVector.zero(SPECIES);
    int i = 0;
    for (; i + LANES <= count; i += LANES) {
      DoubleVector value = DoubleVector.fromArray(SPECIES, values, at + i).max(zero);
      DoubleVector.fromArray(SPECIES, sums, i).add(f.mul(value)).intoArray(sums, i);
    }
    for (; i < count; i++) {
      sums[i] += factor * Math.max(values[at + i], 0);
    }
  }

  @Override
  public double gate(
      double[] values, int at, double factor, double[] forces, double[] weights, double[] result, int to, int count) {
    int whole = count / 8 * 8;
    double sum =
        PARTS == 1
            ? gateEights(values, at, factor, forces, weights, result, to, whole)
            : gateParts(values, at, factor, forces, weights, result, to, whole);
    for (int i = whole; i < count; i++) {
      double u = values[at + i];
      result[to + i] = u > 0 ? factor * forces[i] : 0;
      sum += weights[i] * Math.max(u, 0);
    }
    return sum;
  }

  private static double gateEights(
      double[] values, int at, double factor, double[] forces, double[] weights, double[] result, int to, int count) {
    DoubleVector f = DoubleVector.broadcast(SPECIES, factor);
    DoubleVector zero = DoubleVector.zero(SPECIES);
    DoubleVector sum = zero;
    for (int i = 0; i < count; i += 8) {
      DoubleVector u = DoubleVector.fromArray(SPECIES, values, at + i);
      zero.blend(f.mul(DoubleVector.fromArray(SPECIES, forces, i)), u.compare(VectorOperators.GT, zero))
          .intoArray(result, to + i);
      sum = sum.add(DoubleVector.fromArray(SPECIES, weights, i).mul(u.max(zero)));
    }
    return inPairs(
        sum.lane(0), sum.lane(1), sum.lane(2), sum.lane(3), sum.lane(4), sum.lane(5), sum.lane(6), sum.lane(7));
  }

  /** For narrower vectors: the same eight sums, part by part of them, so the stretch is gone through again. */
  private static double gateParts(
      double[] values, int at, double factor, double[] forces, double[] weights, double[] result, int to, int count) {
    double[] sums = new double[8];
    for (int part = 0; part < PARTS; part++) {
      gatePart(part * LANES, values, at, factor, forces, weights, result, to, count).intoArray(sums, part * LANES);
    }
    return inPairs(sums[0], sums[1], sums[2], sums[3], sums[4], sums[5], sums[6], sums[7]);
  }

  private static DoubleVector gatePart(
      int first,
      double[] values,
      int at,
      double factor,
      double[] forces,
      double[] weights,
      double[] result,
      int to,
      int count) {
    DoubleVector f = DoubleVector.broadcast(SPECIES, factor);
    DoubleVector zero = DoubleVector.zero(SPECIES);
    DoubleVector sum = zero;
    for (int i = first; i < count; i += 8) {
      DoubleVector u = DoubleVector.fromArray(SPECIES, values, at + i);
      zero.blend(f.mul(DoubleVector.fromArray(SPECIES, forces, i)), u.compare(VectorOperators.GT, zero))
          .intoArray(result, to + i);
      sum = sum.add(DoubleVector.fromArray(SPECIES, weights, i).mul(u.max(zero)));
    }
    return sum;
  }

  private static double inPairs(
      double s0, double s1, double s2, double s3, double s4, double s5, double s6, double s7) {
    return ((s0 + s1) + (s2 + s3)) + ((s4 + s5) + (s6 + s7));
  }
}
