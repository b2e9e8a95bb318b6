package org.liftgrad.data;

import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.ejml.data.DMatrixRMaj;
import org.liftgrad.kernel.Argument;
import org.liftgrad.kernel.Products;
import org.liftgrad.kernel.Provenance;
import org.liftgrad.kernel.RandomStream;

/**
 * Builds independent inputs of one law (weakly interacting data, Lemma 4 and Corollary 1). Every call
 * returns a new builder.
 *
 * <pre>{@code
 * subGaussianData().points(100).dimension(10_000).law(rademacher()).labels(signed(1, 2)).seed(7).build()
 * lawS().points(1000).dimension(1_000_000_000_000L).exactInLaw().seed(7).build()
 * }</pre>
 *
 * <p>An input is x = Σ^½ z / √d with z of the law (so ‖x‖² has mean tr Σ / d; on the sphere z/√d is a
 * unit vector), or that rescaled to a drawn norm. The inputs come in one of three forms:
 *
 * <ul>
 *   <li>stored, unless something else is said;
 *   <li>{@link #streamed streamed}: drawn again in blocks of columns whenever they are needed; the same
 *       bits as stored;
 *   <li>{@link #exactInLaw exact in law}: only the Gram matrix is drawn, from its own law. Any
 *       dimension at the same price; for rotation-invariant laws.
 * </ul>
 */
public final class SubGaussianData {

  private enum Form { STORED, STREAMED, EXACT }

  /** Streams longer than this are refused: minutes on one core. */
  static final long MOST_STREAMED = 100_000_000_000L;

  private OptionalInt points = OptionalInt.empty();
  private OptionalLong dimension = OptionalLong.empty();
  private InputLaw law = InputLaw.gaussian();
  private Optional<Covariance> covariance = Optional.empty();
  private Optional<Bounds> norms = Optional.empty();
  private Labels labels = Labels.signed(1, 2);
  private Form form = Form.STORED;
  private int blockColumns = 4 * Products.TILE;
  private long seed;

  private SubGaussianData() {}

  private SubGaussianData(SubGaussianData other) {
    points = other.points;
    dimension = other.dimension;
    law = other.law;
    covariance = other.covariance;
    norms = other.norms;
    labels = other.labels;
    form = other.form;
    blockColumns = other.blockColumns;
    seed = other.seed;
  }

  /** Gaussian inputs x ~ N(0, I/d), stored, with labels {@code signed(1, 2)}, until something else is said. */
  public static SubGaussianData subGaussianData() {
    return new SubGaussianData();
  }

  /** The papers' law S: uniform directions, norms and |labels| uniform on [1, 2], fair signs. */
  public static SubGaussianData lawS() {
    return subGaussianData().law(InputLaw.sphere()).norms(1, 2).labels(Labels.signed(1, 2));
  }

  /** n, at least 1. */
  public SubGaussianData points(int points) {
    SubGaussianData next = new SubGaussianData(this);
    next.points = OptionalInt.of(Argument.positive("points", points));
    return next;
  }

  /** d, at least 1; up to 10¹⁵ where the inputs are exact in law. */
  public SubGaussianData dimension(long dimension) {
    SubGaussianData next = new SubGaussianData(this);
    next.dimension = OptionalLong.of(Argument.positive("dimension", dimension));
    return next;
  }

  /** The law of the entries, or of the direction. */
  public SubGaussianData law(InputLaw law) {
    SubGaussianData next = new SubGaussianData(this);
    next.law = law;
    return next;
  }

  /** Σ, diagonal; the identity unless said. */
  public SubGaussianData covariance(Covariance covariance) {
    SubGaussianData next = new SubGaussianData(this);
    next.covariance = Optional.of(covariance);
    return next;
  }

  /** Rescales every input to a norm uniform on [low, high], 0 &lt; low ≤ high. */
  public SubGaussianData norms(double low, double high) {
    SubGaussianData next = new SubGaussianData(this);
    next.norms = Optional.of(normRange(low, high));
    return next;
  }

  /** The law of the labels. */
  public SubGaussianData labels(Labels labels) {
    SubGaussianData next = new SubGaussianData(this);
    next.labels = labels;
    return next;
  }

  /** Draws the Gram matrix from its own law and no inputs; needs n ≤ d and a rotation-invariant law. */
  public SubGaussianData exactInLaw() {
    SubGaussianData next = new SubGaussianData(this);
    next.form = Form.EXACT;
    return next;
  }

  /** Draws the inputs again, in blocks of 1024 columns, whenever they are needed. */
  public SubGaussianData streamed() {
    return streamed(4 * Products.TILE);
  }

  /**
   * Draws the inputs again, in blocks of columns, whenever they are needed; n·blockColumns numbers are
   * held at a time, and the bits do not depend on their number.
   *
   * @param blockColumns a multiple of {@link Products#TILE}
   */
  public SubGaussianData streamed(int blockColumns) {
    Argument.require(
        blockColumns >= 1 && blockColumns % Products.TILE == 0,
        "blockColumns", blockColumns, "a multiple of " + Products.TILE);
    SubGaussianData next = new SubGaussianData(this);
    next.form = Form.STREAMED;
    next.blockColumns = blockColumns;
    return next;
  }

  /** The seed; 0 unless said. */
  public SubGaussianData seed(long seed) {
    SubGaussianData next = new SubGaussianData(this);
    next.seed = seed;
    return next;
  }

  /**
   * Draws the data.
   *
   * @throws IllegalArgumentException if something is missing or does not fit
   */
  public Dataset build() {
    int n = points.orElseThrow(() -> Argument.refused("points", "not said", "said, as in points(200)"));
    long d = dimension.orElseThrow(() -> Argument.refused("dimension", "not said", "said, as in dimension(1000)"));
    Optional<double[]> lengths = norms.map(bounds -> drawNorms(bounds, n, seed));
    Provenance provenance =
        Provenance.none()
            .with("law", law)
            .with("covariance", covarianceName())
            .with("norms", norms.map(b -> "uniform on [" + b.least() + ", " + b.most() + "]").orElse("natural"))
            .with("labels", labels)
            .with("form", form == Form.EXACT ? "exact in law" : form == Form.STREAMED ? "streamed" : "stored")
            .with("points", n)
            .with("dimension", d)
            .with("seed", seed);
    return form == Form.EXACT ? exact(n, d, lengths, provenance) : drawn(n, d, lengths, provenance);
  }

  private Dataset drawn(int n, long d, Optional<double[]> lengths, Provenance provenance) {
    String advice = law.rotationInvariant() && covariance.isEmpty() ? "use exactInLaw() beyond" : "";
    if (form == Form.STORED) {
      Argument.require(
          d <= Dataset.MOST_STORED / n, "dimension", d,
          "at most " + Dataset.MOST_STORED / n + " for " + n + " stored inputs; use "
              + (advice.isEmpty() ? "streamed()" : "streamed() or exactInLaw()") + " beyond");
    }
    long most = Math.min(Integer.MAX_VALUE - Products.TILE, MOST_STREAMED / n);
    Argument.require(
        d <= most, "dimension", d, "at most " + most + " for " + n + " streamed inputs"
            + (advice.isEmpty() ? "" : "; " + advice));
    DrawnColumns columns =
        DrawnColumns.of(n, (int) d, form == Form.STORED ? (int) d : blockColumns, law, covariance, lengths, seed);
    DMatrixRMaj gram = new DMatrixRMaj(n, n);
    DMatrixRMaj[] kept = new DMatrixRMaj[1];
    columns.forEach(
        (block, first) -> {
          Products.addGram(block, gram);
          kept[0] = block;
        });
    Products.mirror(gram);
    Inputs inputs = form == Form.STORED ? new Inputs.Stored(kept[0]) : new Inputs.Streamed(columns);
    double[] y = DrawnLabels.of(labels, n, inputs, Optional.empty(), seed);
    return new Dataset(gram, y, d, inputs, Products.gramRounding(d), provenance);
  }

  /** Bartlett: X = L Q with L lower triangular, L_ii² ~ χ²(d − i + 1)/d for i = 1 … n, N(0, 1/d) below. */
  private Dataset exact(int n, long d, Optional<double[]> lengths, Provenance provenance) {
    Argument.require(
        law.rotationInvariant(), "the law of the inputs", law,
        "gaussian or sphere to be exact in law; use streamed() for others");
    Argument.require(
        covariance.isEmpty(), "the covariance", covarianceName(),
        "the identity to be exact in law; use streamed() for others");
    Argument.require(
        n <= d, "points", n, "at most the dimension " + d + " to be exact in law; leave exactInLaw() out below that");
    Argument.require(d <= 1_000_000_000_000_000L, "dimension", d, "at most 10^15");
    DMatrixRMaj factor = new DMatrixRMaj(n, n);
    double scale = 1 / Math.sqrt(d);
    for (int i = 0; i < n; i++) {
      RandomStream stream = RandomStream.of(seed, "gram", i);
      double square = 0;
      for (int k = 0; k <= i; k++) {
        double entry = scale * (k < i ? stream.nextGaussian() : Math.sqrt(stream.nextChiSquared(d - i)));
        factor.data[i * n + k] = entry;
        square += entry * entry;
      }
      if (lengths.isPresent() || law instanceof InputLaw.Sphere) {
        double rescale = (lengths.isPresent() ? lengths.get()[i] : 1) / Math.sqrt(square);
        for (int k = 0; k <= i; k++) {
          factor.data[i * n + k] *= rescale;
        }
      }
    }
    Inputs inputs = new Inputs.Implied(factor);
    double[] y = DrawnLabels.of(labels, n, inputs, Optional.empty(), seed);
    return new Dataset(Products.gramOfLower(factor), y, d, inputs, Products.gramRounding(n), provenance);
  }

  /** A function of the user's has no name that would be the same in the next run. */
  private String covarianceName() {
    return covariance.map(c -> c instanceof Covariance.PowerLaw ? c.toString() : "given").orElse("identity");
  }

  static Bounds normRange(double low, double high) {
    Argument.positive("the lower bound of the norms", low);
    Argument.finite("the upper bound of the norms", high);
    Argument.require(high >= low, "the upper bound of the norms", high, "at least the lower bound " + low);
    return new Bounds(low, high);
  }

  static double[] drawNorms(Bounds bounds, int points, long seed) {
    RandomStream stream = RandomStream.of(seed, "norms");
    double[] norms = new double[points];
    Arrays.setAll(norms, i -> stream.nextUniform(bounds.least(), bounds.most()));
    return norms;
  }

  /** What has been said so far. */
  @Override
  public String toString() {
    return "data to be drawn, " + law + ", " + (points.isPresent() ? points.getAsInt() : "?") + " points in dimension "
        + (dimension.isPresent() ? dimension.getAsLong() : "?") + ", seed " + seed + "; build() draws them";
  }
}
