package org.liftgrad.data;

import java.util.Arrays;
import java.util.Optional;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.ejml.interfaces.decomposition.EigenDecomposition_F64;
import org.liftgrad.kernel.Argument;
import org.liftgrad.kernel.Provenance;
import org.liftgrad.statistics.Numbers;

/**
 * n points with real labels: the Gram matrix of the inputs, the labels, and what is known of the
 * inputs beside. Immutable; matrices are copied on their way out.
 *
 * <p>Built by {@link OrthogonalData}, {@link SubGaussianData}, {@link OwnData}.
 */
public final class Dataset {

  /** No more numbers than this are put into one matrix of inputs or weights: 1 GiB. */
  public static final long MOST_STORED = 1L << 27;

  /** Squared norms beyond these would under- or overflow in products. */
  private static final double LEAST_SQUARE = 1e-280;
  private static final double MOST_SQUARE = 1e280;

  /** Empty where the Gram matrix is exactly diagonal; then n numbers say it all. */
  private final Optional<DMatrixRMaj> fullGram;
  private final double[] squaredNorms;
  private final double[] labels;
  private final long dimension;
  private final Inputs inputs;
  private final double gramRounding;
  private final Optional<Groups> groups;
  private final Provenance provenance;

  /**
   * For the builders of this package and those who bring a Gram matrix of their own.
   *
   * @param gram n×n, symmetric, diagonal above 0; copied
   * @param labels n finite numbers; copied
   * @param dimension d, the number of columns of the inputs, at least 1
   * @param inputs what is known of the inputs
   * @param gramRounding a bound on the rounding error of an entry of the Gram matrix, relative to
   *     ‖x_i‖‖x_k‖; 0 where the off-diagonal zeros are exact
   * @param provenance how they were made
   */
  public Dataset(
      DMatrixRMaj gram,
      double[] labels,
      long dimension,
      Inputs inputs,
      double gramRounding,
      Provenance provenance) {
    this(
        gramRounding == 0 && isDiagonal(gram) ? Optional.empty() : Optional.of(checked(gram, labels.length)),
        diagonal(gram, labels.length),
        labels,
        dimension,
        inputs,
        gramRounding,
        Optional.empty(),
        provenance);
  }

  private Dataset(
      Optional<DMatrixRMaj> fullGram,
      double[] squaredNorms,
      double[] labels,
      long dimension,
      Inputs inputs,
      double gramRounding,
      Optional<Groups> groups,
      Provenance provenance) {
    int n = labels.length;
    Argument.require(n >= 1, "the number of points", n, "at least 1");
    Argument.positive("dimension", dimension);
    Argument.finite("labels", labels);
    for (int i = 0; i < n; i++) {
      checkSquaredNorm(i, squaredNorms[i]);
    }
    checkShape(inputs, n, dimension);
    groups.ifPresent(
        g -> Argument.require(g.points() == n, "the number of points in groups", g.points(), "" + n));
    this.fullGram = fullGram;
    this.squaredNorms = squaredNorms.clone();
    this.labels = labels.clone();
    this.dimension = dimension;
    this.inputs = inputs;
    this.gramRounding = Argument.notNegative("gramRounding", gramRounding);
    this.groups = groups;
    this.provenance = provenance;
  }

  /** Inputs whose Gram matrix is exactly diagonal: O(n) memory. */
  static Dataset diagonal(
      double[] norms, double[] labels, long dimension, Inputs inputs, Provenance provenance) {
    double[] squares = Arrays.stream(norms).map(norm -> norm * norm).toArray();
    return new Dataset(Optional.empty(), squares, labels, dimension, inputs, 0, Optional.empty(), provenance);
  }

  static void checkSquaredNorm(int point, double square) {
    Argument.require(
        square >= LEAST_SQUARE && square <= MOST_SQUARE,
        "the squared norm of input " + point,
        square,
        square == 0 ? "above 0 (a row of zeros?)" : "between " + LEAST_SQUARE + " and " + MOST_SQUARE);
  }

  private static double[] diagonal(DMatrixRMaj gram, int n) {
    Argument.require(n >= 1, "the number of points", n, "at least 1");
    Argument.require(
        gram.numRows == n && gram.numCols == n,
        "gram", gram.numRows + "×" + gram.numCols, n + "×" + n + ", as there are " + n + " labels");
    double[] diagonal = new double[n];
    Arrays.setAll(diagonal, i -> gram.get(i, i));
    return diagonal;
  }

  private static boolean isDiagonal(DMatrixRMaj gram) {
    for (int i = 0; i < gram.numRows; i++) {
      for (int k = 0; k < gram.numCols; k++) {
        if (i != k && gram.get(i, k) != 0) {
          return false;
        }
      }
    }
    return true;
  }

  private static DMatrixRMaj checked(DMatrixRMaj gram, int n) {
    diagonal(gram, n);
    Argument.finite("gram", gram);
    for (int i = 0; i < n; i++) {
      for (int k = 0; k < i; k++) {
        double entry = gram.get(i, k);
        if (gram.get(k, i) != entry) {
          throw Argument.refused(
              "gram[" + k + "][" + i + "]", gram.get(k, i), "equal to gram[" + i + "][" + k + "] = " + entry);
        }
      }
    }
    return gram.copy();
  }

  private static void checkShape(Inputs inputs, int n, long dimension) {
    if (inputs instanceof Inputs.Stored stored) {
      DMatrixRMaj x = stored.matrix();
      Argument.require(
          x.numRows == n && x.numCols == dimension, "inputs", x.numRows + "×" + x.numCols, n + "×" + dimension);
    } else if (inputs instanceof Inputs.Implied implied) {
      DMatrixRMaj factor = implied.factor();
      Argument.require(
          factor.numRows == n && factor.numCols == n,
          "the factor of the inputs", factor.numRows + "×" + factor.numCols, n + "×" + n);
      Argument.require(n <= dimension, "the number of points", n, "at most the dimension " + dimension);
    } else if (inputs instanceof Inputs.Axes axes) {
      Argument.require(
          axes.norms().length == n, "the number of norms", axes.norms().length, n + ", the number of points");
      Argument.require(n <= dimension, "the number of points", n, "at most the dimension " + dimension);
    }
  }

  /** n, the number of points. */
  public int points() {
    return labels.length;
  }

  /** d, the dimension of the inputs; may be far larger than what could be stored. */
  public long dimension() {
    return dimension;
  }

  /** The Gram matrix X Xᵀ, n×n; a copy. */
  public DMatrixRMaj gram() {
    return fullGram
        .map(DMatrixRMaj::copy)
        .orElseGet(() -> CommonOps_DDRM.diag(squaredNorms.clone()));
  }

  /** The labels y, n numbers; a copy. */
  public double[] labels() {
    return labels.clone();
  }

  /** What is known of the inputs beside their Gram matrix. */
  public Inputs inputs() {
    return inputs;
  }

  /**
   * The inputs X, n×d, where they are stored, or lie along axes and have at most {@link #MOST_STORED}
   * entries; a copy.
   */
  public Optional<DMatrixRMaj> storedInputs() {
    if (inputs instanceof Inputs.Stored stored) {
      return Optional.of(stored.matrix().copy());
    } else if (inputs instanceof Inputs.Axes axes && points() <= MOST_STORED / dimension) {
      DMatrixRMaj x = new DMatrixRMaj(points(), (int) dimension);
      double[] norms = axes.norms();
      for (int i = 0; i < norms.length; i++) {
        x.set(i, i, norms[i]);
      }
      return Optional.of(x);
    }
    return Optional.empty();
  }

  /** The bound on the rounding error of a Gram entry, relative to ‖x_i‖‖x_k‖. */
  public double gramRounding() {
    return gramRounding;
  }

  /** The groups of the points, if they were said. */
  public Optional<Groups> groups() {
    return groups;
  }

  /** How the data were made. */
  public Provenance provenance() {
    return provenance;
  }

  /** The norms ‖x_i‖. */
  public double[] norms() {
    return Arrays.stream(squaredNorms).map(Math::sqrt).toArray();
  }

  /** The squared norms ‖x_i‖², the diagonal of the Gram matrix. */
  public double[] squaredNorms() {
    return squaredNorms.clone();
  }

  /** C_x^±: the least and the greatest norm of an input, as measured. */
  public Bounds normBounds() {
    return Bounds.ofMagnitudes(norms());
  }

  /** C_y^±: the least and the greatest |y_i|, as measured. */
  public Bounds labelBounds() {
    return Bounds.ofMagnitudes(labels);
  }

  /** The operator norm of the Gram matrix without its diagonal: how much the points interact. O(n³). */
  public double offDiagonalNorm() {
    if (fullGram.isEmpty()) {
      return 0;
    }
    DMatrixRMaj off = gram();
    for (int i = 0; i < points(); i++) {
      off.set(i, i, 0);
    }
    double[] ends = extremeEigenvalues(off);
    return Math.max(Math.abs(ends[0]), Math.abs(ends[1]));
  }

  /** The smallest eigenvalue of the Gram matrix. O(n³). */
  public double smallestEigenvalue() {
    return eigenvalueBounds()[0];
  }

  /** The largest eigenvalue of the Gram matrix. O(n³). */
  public double largestEigenvalue() {
    return eigenvalueBounds()[1];
  }

  private double[] eigenvalueBounds() {
    if (fullGram.isEmpty()) {
      double least = Arrays.stream(squaredNorms).min().orElseThrow();
      return new double[] {least, Arrays.stream(squaredNorms).max().orElseThrow()};
    }
    return extremeEigenvalues(gram());
  }

  /**
   * Assumption 2 on these data: is ‖X Xᵀ − diag(‖x_i‖²)‖ ≤ κ min_i ‖x_i‖² / √n?
   *
   * @param kappa κ, above 0
   */
  public WeakInteraction weakInteraction(double kappa) {
    Argument.positive("kappa", kappa);
    double least = Arrays.stream(squaredNorms).min().orElseThrow();
    return new WeakInteraction(kappa, offDiagonalNorm(), kappa * least / Math.sqrt(points()));
  }

  /** Are the inputs orthogonal to each other, exactly or up to the rounding of their Gram matrix? */
  public boolean orthogonal() {
    if (fullGram.isEmpty()) {
      return true;
    }
    DMatrixRMaj gram = fullGram.get();
    double[] norms = norms();
    for (int i = 0; i < points(); i++) {
      for (int k = 0; k < i; k++) {
        if (Math.abs(gram.get(i, k)) > gramRounding * norms[i] * norms[k]) {
          return false;
        }
      }
    }
    return true;
  }

  /** Is the Gram matrix diagonal, with zeros that are not rounded ones? */
  public boolean exactlyOrthogonal() {
    return fullGram.isEmpty();
  }

  /**
   * The first points alone; data sets cut from one another this way are nested.
   *
   * @param points m, 1 … n; groups, if any, must all keep a point
   */
  public Dataset first(int points) {
    Argument.require(
        points >= 1 && points <= points(), "points", points, "between 1 and the number of points " + points());
    return new Dataset(
        fullGram.map(gram -> Columns.corner(gram, points, points)),
        Arrays.copyOf(squaredNorms, points),
        Arrays.copyOf(labels, points),
        dimension,
        firstInputs(points),
        gramRounding,
        groups.map(g -> g.first(points)),
        provenance.with("first points", points));
  }

  private Inputs firstInputs(int points) {
    if (inputs instanceof Inputs.Stored stored) {
      return new Inputs.Stored(Columns.corner(stored.matrix(), points, stored.matrix().numCols));
    } else if (inputs instanceof Inputs.Axes axes) {
      return new Inputs.Axes(Arrays.copyOf(axes.norms(), points));
    } else if (inputs instanceof Inputs.Implied implied) {
      return new Inputs.Implied(Columns.corner(implied.factor(), points, points));
    }
    Inputs.ColumnBlocks all = ((Inputs.Streamed) inputs).columns();
    return new Inputs.Streamed(
        visitor ->
            all.forEach(
                (block, first) -> visitor.accept(Columns.corner(block, points, block.numCols), first)));
  }

  /**
   * The same points with every input multiplied by a factor.
   *
   * @param factor c, a finite number above 0
   */
  public Dataset scaledInputs(double factor) {
    Argument.positive("factor", factor);
    double square = factor * factor;
    return new Dataset(
        fullGram.map(gram -> scaled(gram, square)),
        Arrays.stream(squaredNorms).map(norm -> norm * square).toArray(),
        labels,
        dimension,
        scaledInputs(inputs, factor),
        // An entry, its factor and its partner are each rounded once more.
        exactlyOrthogonal() ? 0 : gramRounding + 8 * 0x1.0p-53,
        groups,
        provenance.with("inputs multiplied by", factor));
  }

  private static Inputs scaledInputs(Inputs inputs, double factor) {
    if (inputs instanceof Inputs.Stored stored) {
      return new Inputs.Stored(scaled(stored.matrix(), factor));
    } else if (inputs instanceof Inputs.Axes axes) {
      return new Inputs.Axes(Arrays.stream(axes.norms()).map(norm -> norm * factor).toArray());
    } else if (inputs instanceof Inputs.Implied implied) {
      return new Inputs.Implied(scaled(implied.factor(), factor));
    }
    Inputs.ColumnBlocks all = ((Inputs.Streamed) inputs).columns();
    return new Inputs.Streamed(
        visitor -> all.forEach((block, first) -> visitor.accept(scaled(block, factor), first)));
  }

  private static DMatrixRMaj scaled(DMatrixRMaj matrix, double factor) {
    DMatrixRMaj scaled = matrix.copy();
    CommonOps_DDRM.scale(factor, scaled);
    return scaled;
  }

  /** The same inputs with other labels, n finite numbers. */
  public Dataset withLabels(double... labels) {
    Argument.require(
        labels.length == points(), "the number of labels", labels.length, points() + ", the number of points");
    return new Dataset(
        fullGram, squaredNorms, labels, dimension, inputs, gramRounding, groups, provenance.with("labels", "given"));
  }

  /** The same points in groups; the group initialisation asks for equal label signs in each. */
  public Dataset withGroups(Groups groups) {
    return new Dataset(
        fullGram, squaredNorms, labels, dimension, inputs, gramRounding, Optional.of(groups),
        provenance.with("groups", groups.count()));
  }

  private static double[] extremeEigenvalues(DMatrixRMaj symmetric) {
    int n = symmetric.numRows;
    if (CommonOps_DDRM.elementMaxAbs(symmetric) == 0) {
      return new double[] {0, 0};
    }
    EigenDecomposition_F64<DMatrixRMaj> eigen = DecompositionFactory_DDRM.eig(n, false, true);
    if (!eigen.decompose(symmetric)) {
      throw new ArithmeticException("The eigenvalues of a " + n + "×" + n + " Gram matrix were not found.");
    }
    double least = Double.POSITIVE_INFINITY;
    double most = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < n; i++) {
      least = Math.min(least, eigen.getEigenvalue(i).getReal());
      most = Math.max(most, eigen.getEigenvalue(i).getReal());
    }
    return new double[] {least, most};
  }

  /** Sizes, dimension and origin in a few lines. */
  @Override
  public String toString() {
    return Numbers.counted(points(), "point") + " in dimension " + dimension + ", norms " + normBounds()
        + (orthogonal() ? ", orthogonal" : "");
  }
}
