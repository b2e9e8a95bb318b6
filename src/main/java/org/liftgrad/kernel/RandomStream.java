package org.liftgrad.kernel;

import java.nio.charset.StandardCharsets;
import org.apache.commons.rng.core.source64.Philox4x64;

/**
 * Random numbers with an address: a counter-based Philox 4x64 generator whose key is made of a seed,
 * a purpose and further whole numbers (cell, replicate, block …). Two streams of different addresses
 * are independent, so a figure does not depend on threads, on order, or on what was drawn before.
 *
 * <p>The same address gives the same bits on every JDK: all elementary functions are those of
 * {@link StrictMath}. That is also why the samplers are here and not Commons RNG's, which call
 * {@link Math}. Not safe for use by several threads at once; make one stream a task.
 */
public final class RandomStream {

  private final Philox4x64 source;
  private double spareGaussian;
  private boolean hasSpareGaussian;

  private RandomStream(long key0, long key1) {
    source = new Philox4x64(new long[] {key0, key1, 0, 0, 0, 0});
  }

  /**
   * The stream at an address.
   *
   * @param seed the user's seed
   * @param purpose what the numbers are for, such as {@code "labels"}
   * @param keys further parts of the address, such as a replicate or a block of columns
   */
  public static RandomStream of(long seed, String purpose, long... keys) {
    long first = mix(seed + 0x9E3779B97F4A7C15L);
    long second = mix(seed ^ 0xD1B54A32D192ED03L);
    for (byte letter : purpose.getBytes(StandardCharsets.UTF_8)) {
      first = mix(first ^ letter);
      second = mix(second + 31L * letter + 1);
    }
    // The number of keys is part of the address, so that (7) and (7, 0) differ.
    first = mix(first ^ keys.length);
    for (long key : keys) {
      first = mix(first ^ mix(key + 0x9E3779B97F4A7C15L));
      second = mix(second + mix(key ^ 0x94D049BB133111EBL));
    }
    return new RandomStream(first, second);
  }

  /** A seed for a replicate of an experiment: whole numbers that address independent streams. */
  public static long seedOf(long seed, String purpose, long... keys) {
    return of(seed, purpose, keys).nextLong();
  }

  /** The finaliser of SplitMix64 (Steele, Lea, Flood 2014): a bijection that spreads every bit. */
  private static long mix(long value) {
    value = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
    value = (value ^ (value >>> 27)) * 0x94D049BB133111EBL;
    return value ^ (value >>> 31);
  }

  /** 64 random bits. */
  public long nextLong() {
    return source.nextLong();
  }

  /** A whole number, uniform on 0 … bound − 1. */
  public int nextInt(int bound) {
    return source.nextInt(bound);
  }

  /** Uniform on the open interval (0, 1): a multiple of 2⁻⁵³ and half of one. */
  public double nextUniform() {
    return ((source.nextLong() >>> 11) + 0.5) * 0x1.0p-53;
  }

  /** Uniform on (least, most). */
  public double nextUniform(double least, double most) {
    return least + (most - least) * nextUniform();
  }

  /** −1 or 1, each with probability ½. */
  public double nextSign() {
    return source.nextLong() < 0 ? -1 : 1;
  }

  /** Standard normal, by the polar method (Marsaglia and Bray 1964). */
  public double nextGaussian() {
    if (hasSpareGaussian) {
      hasSpareGaussian = false;
      return spareGaussian;
    }
    double x;
    double y;
    double square;
    do {
      x = 2 * nextUniform() - 1;
      y = 2 * nextUniform() - 1;
      square = x * x + y * y;
    } while (square >= 1 || square == 0);
    double factor = Math.sqrt(-2 * StrictMath.log(square) / square);
    spareGaussian = y * factor;
    hasSpareGaussian = true;
    return x * factor;
  }

  /** Exponential with mean 1. */
  public double nextExponential() {
    return -StrictMath.log(nextUniform());
  }

  /** Gamma of any shape above 0 and scale 1 (Marsaglia and Tsang 2000; below 1 by their boost). */
  public double nextGamma(double shape) {
    if (shape < 1) {
      return nextGamma(shape + 1) * StrictMath.pow(nextUniform(), 1 / shape);
    }
    double d = shape - 1.0 / 3.0;
    double c = 1 / Math.sqrt(9 * d);
    while (true) {
      double x = nextGaussian();
      double u = c * x;
      if (u <= -1) {
        continue;
      }
      // v = (1 + u)³; written so that 1 − v + log v keeps its digits where d is as large as 10¹².
      double excess = u * (3 + u * (3 + u));
      if (StrictMath.log(nextUniform()) < 0.5 * x * x + d * (3 * StrictMath.log1p(u) - excess)) {
        return d + d * excess;
      }
    }
  }

  /**
   * Chi-squared.
   *
   * @param degrees degrees of freedom, above 0, or 0 for the constant 0
   */
  public double nextChiSquared(double degrees) {
    return degrees == 0 ? 0 : 2 * nextGamma(degrees / 2);
  }
}
