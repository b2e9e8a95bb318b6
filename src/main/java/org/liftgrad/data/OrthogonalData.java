package org.liftgrad.data;

import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.liftgrad.kernel.Argument;
import org.liftgrad.kernel.Products;
import org.liftgrad.kernel.Provenance;
import org.liftgrad.kernel.RandomStream;

/**
 * Builds orthogonal inputs x_i = ‖x_i‖ e_i (weakly interacting data, section 4). Every call returns a
 * new builder.
 *
 * <pre>{@code
 * orthogonalData().points(200).norms(1, 2).labels(signed(1, 2)).seed(7).build()
 * }</pre>
 *
 * <p>Without more said, norms and |labels| are uniform on [1, 2] and signs are fair, as in the paper's
 * experiments.
 */
public final class OrthogonalData {

  private enum Frame { AXES, ROTATED, IMPLIED }

  private OptionalInt points = OptionalInt.empty();
  private OptionalLong dimension = OptionalLong.empty();
  private Bounds norms = new Bounds(1, 2);
  private Optional<double[]> givenNorms = Optional.empty();
  private Labels labels = Labels.signed(1, 2);
  private OptionalInt groupCount = OptionalInt.empty();
  private Optional<Groups> groups = Optional.empty();
  private Frame frame = Frame.AXES;
  private long seed;

  private OrthogonalData() {}

  private OrthogonalData(OrthogonalData other) {
    points = other.points;
    dimension = other.dimension;
    norms = other.norms;
    givenNorms = other.givenNorms;
    labels = other.labels;
    groupCount = other.groupCount;
    groups = other.groups;
    frame = other.frame;
    seed = other.seed;
  }

  /** Nothing said yet. */
  public static OrthogonalData orthogonalData() {
    return new OrthogonalData();
  }

  /** n, at least 1. */
  public OrthogonalData points(int points) {
    OrthogonalData next = new OrthogonalData(this);
    next.points = OptionalInt.of(Argument.positive("points", points));
    return next;
  }

  /** d, at least n; n unless said. */
  public OrthogonalData dimension(long dimension) {
    OrthogonalData next = new OrthogonalData(this);
    next.dimension = OptionalLong.of(Argument.positive("dimension", dimension));
    return next;
  }

  /** Norms uniform on [low, high], 0 &lt; low ≤ high. */
  public OrthogonalData norms(double low, double high) {
    OrthogonalData next = new OrthogonalData(this);
    next.norms = SubGaussianData.normRange(low, high);
    next.givenNorms = Optional.empty();
    return next;
  }

  /** The norms themselves, n numbers above 0. */
  public OrthogonalData givenNorms(double... norms) {
    OrthogonalData next = new OrthogonalData(this);
    next.givenNorms = Optional.of(new Inputs.Axes(norms).norms());
    return next;
  }

  /** The law of the labels. */
  public OrthogonalData labels(Labels labels) {
    OrthogonalData next = new OrthogonalData(this);
    next.labels = labels;
    return next;
  }

  /**
   * Spreads the points evenly over groups in which all labels have one sign; sizes differ by one at
   * most, point i is in group i mod {@code count}.
   *
   * @param count 1 … n
   */
  public OrthogonalData groups(int count) {
    OrthogonalData next = new OrthogonalData(this);
    next.groupCount = OptionalInt.of(Argument.positive("groups", count));
    next.groups = Optional.empty();
    return next;
  }

  /** Groups as given, in which all labels have one sign. */
  public OrthogonalData groups(Groups groups) {
    OrthogonalData next = new OrthogonalData(this);
    next.groups = Optional.of(groups);
    next.groupCount = OptionalInt.empty();
    return next;
  }

  /**
   * Along a uniformly random orthonormal frame in place of the axes: the inputs are stored, and their
   * Gram matrix is that of the stored numbers, diagonal up to {@link Dataset#gramRounding}.
   */
  public OrthogonalData rotated() {
    OrthogonalData next = new OrthogonalData(this);
    next.frame = Frame.ROTATED;
    return next;
  }

  /** Along a uniformly random orthonormal frame that is never drawn: any dimension, exactly diagonal. */
  public OrthogonalData exactInLaw() {
    OrthogonalData next = new OrthogonalData(this);
    next.frame = Frame.IMPLIED;
    return next;
  }

  /** The seed; 0 unless said. */
  public OrthogonalData seed(long seed) {
    OrthogonalData next = new OrthogonalData(this);
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
    long d = dimension.orElse(n);
    Argument.require(n <= d, "points", n, "at most the dimension " + d + " for orthogonal inputs");
    double[] lengths = givenNorms.orElseGet(() -> SubGaussianData.drawNorms(norms, n, seed));
    Argument.require(
        lengths.length == n, "the number of given norms", lengths.length, n + ", the number of points");
    Optional<Groups> groups = groupCount.isPresent() ? Optional.of(Groups.even(groupCount.getAsInt(), n)) : this.groups;
    groups.ifPresent(
        g ->
            Argument.require(
                g.points() == n, "the number of points in groups", g.points(), n + ", the number of points"));
    Inputs inputs =
        switch (frame) {
          case AXES -> new Inputs.Axes(lengths);
          case IMPLIED -> new Inputs.Implied(CommonOps_DDRM.diag(lengths));
          case ROTATED -> new Inputs.Stored(rotated(lengths, d));
        };
    double[] y = DrawnLabels.of(labels, n, inputs, groups, seed);
    Provenance provenance =
        Provenance.none()
            .with("law", "orthogonal")
            .with("frame", frame == Frame.AXES ? "axes" : "uniformly random")
            .with("form", frame == Frame.IMPLIED ? "exact in law" : frame == Frame.ROTATED ? "stored" : "axes")
            .with("points", n)
            .with("dimension", d)
            .with("norms", givenNorms.isPresent() ? "given" : "uniform on [" + norms.least() + ", " + norms.most() + "]")
            .with("labels", labels);
    provenance = groups.isPresent() ? provenance.with("groups", groups.get().count()) : provenance;
    Dataset data = dataset(lengths, y, d, inputs, provenance.with("seed", seed));
    return groups.map(data::withGroups).orElse(data);
  }

  private static Dataset dataset(
      double[] lengths, double[] labels, long dimension, Inputs inputs, Provenance provenance) {
    if (!(inputs instanceof Inputs.Stored stored)) {
      return Dataset.diagonal(lengths, labels, dimension, inputs, provenance);
    }
    DMatrixRMaj gram = Products.gram(stored.matrix());
    double rounding = Products.gramRounding(dimension);
    // The frame is orthonormal up to rounding too; what is seen of that belongs to the bound.
    for (int i = 0; i < lengths.length; i++) {
      for (int k = 0; k < i; k++) {
        double cosine = Math.abs(gram.get(i, k)) / Math.sqrt(gram.get(i, i) * gram.get(k, k));
        rounding = Math.max(rounding, 2 * cosine);
      }
    }
    return new Dataset(gram, labels, dimension, inputs, rounding, provenance);
  }

  /** Rows along a uniformly random frame: Gaussian rows, made orthonormal by Gram and Schmidt, twice. */
  private DMatrixRMaj rotated(double[] lengths, long dimension) {
    int n = lengths.length;
    Argument.require(
        dimension <= Dataset.MOST_STORED / n,
        "dimension", dimension,
        "at most " + Dataset.MOST_STORED / n + " for " + n + " stored inputs; use exactInLaw() beyond");
    int d = (int) dimension;
    DMatrixRMaj x = new DMatrixRMaj(n, d);
    for (int i = 0; i < n; i++) {
      RandomStream stream = RandomStream.of(seed, "rotation", i);
      for (int k = 0; k < d; k++) {
        x.set(i, k, stream.nextGaussian());
      }
      // What one pass leaves of the earlier directions, the second takes away ("twice is enough").
      for (int pass = 0; pass < 2; pass++) {
        for (int earlier = 0; earlier < i; earlier++) {
          double along = dot(x.data, earlier * d, i * d, d);
          for (int k = 0; k < d; k++) {
            x.data[i * d + k] -= along * x.data[earlier * d + k];
          }
        }
        double norm = Math.sqrt(dot(x.data, i * d, i * d, d));
        for (int k = 0; k < d; k++) {
          x.data[i * d + k] /= norm;
        }
      }
    }
    for (int i = 0; i < n; i++) {
      for (int k = 0; k < d; k++) {
        x.data[i * d + k] *= lengths[i];
      }
    }
    return x;
  }

  private static double dot(double[] data, int a, int b, int length) {
    double sum = 0;
    for (int k = 0; k < length; k++) {
      sum += data[a + k] * data[b + k];
    }
    return sum;
  }

  /** What has been said so far. */
  @Override
  public String toString() {
    return "orthogonal data to be drawn, " + (points.isPresent() ? points.getAsInt() : "?") + " points, seed " + seed + "; build() draws them";
  }
}
