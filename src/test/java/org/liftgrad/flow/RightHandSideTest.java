package org.liftgrad.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.junit.jupiter.api.Test;
import org.liftgrad.blueprint.Activation;
import org.liftgrad.kernel.DenseProducts;
import org.liftgrad.kernel.ProductPath;
import org.liftgrad.kernel.RandomStream;
import org.liftgrad.kernel.Workers;

class RightHandSideTest {

  private static final List<Activation> ACTIVATIONS =
      List.of(Activation.relu(), Activation.tanh(), Activation.softplus(), Activation.monomial(2));

  private static double[] random(int count, long seed) {
    RandomStream stream = RandomStream.of(seed, "right-hand side");
    double[] values = new double[count];
    for (int k = 0; k < count; k++) {
      values[k] = stream.nextGaussian();
    }
    return values;
  }

  /** A problem of any size, with some pre-activations at their kinks. */
  private static final class Problem {
    final int n;
    final int p;
    final DMatrixRMaj inputs;
    final DMatrixRMaj gram = new DMatrixRMaj(1, 1);
    final double[] norms;
    final double[] labels;
    final double[] u;
    final double[] a;

    Problem(int n, int d, int p) {
      this.n = n;
      this.p = p;
      inputs = DMatrixRMaj.wrap(n, d, random(n * d, 1));
      CommonOps_DDRM.multTransB(inputs, inputs, gram);
      norms = new double[n];
      for (int i = 0; i < n; i++) {
        norms[i] = gram.get(i, i);
      }
      labels = random(n, 2);
      u = random(n * p, 3);
      for (int pair = 0; pair < u.length; pair += 11) {
        u[pair] = pair % 2 == 0 ? 0.0 : -0.0;
      }
      for (int pair = 5; pair < u.length; pair += 13) {
        u[pair] = Double.MIN_VALUE;
      }
      a = random(p, 4);
    }
  }

  private static final class Answer {
    final double[] r;
    final double[] c;
    final double[] du;
    final double[] da;

    Answer(Problem problem) {
      r = new double[problem.n];
      c = new double[problem.n * problem.p];
      du = new double[problem.n * problem.p];
      da = new double[problem.p];
    }
  }

  /** The four formulas, one after the other. */
  private static Answer plainly(Problem problem, Activation activation, DMatrixRMaj gram) {
    Answer answer = new Answer(problem);
    int n = problem.n;
    for (int i = 0; i < n; i++) {
      double sum = 0;
      for (int j = 0; j < problem.p; j++) {
        sum += problem.a[j] * activation.value(problem.u[j * n + i]);
      }
      answer.r[i] = problem.labels[i] - sum / problem.p;
    }
    for (int j = 0; j < problem.p; j++) {
      for (int i = 0; i < n; i++) {
        double u = problem.u[j * n + i];
        answer.c[j * n + i] = problem.a[j] * answer.r[i] * activation.slope(u) / n;
        answer.da[j] += answer.r[i] * activation.value(u) / n;
      }
      for (int i = 0; i < n; i++) {
        for (int k = 0; k < n; k++) {
          answer.du[j * n + i] += answer.c[j * n + k] * gram.get(k, i);
        }
      }
    }
    return answer;
  }

  private static void assertClose(double[] actual, double[] expected, double scale) {
    assertThat(actual).hasSameSizeAs(expected);
    for (int k = 0; k < actual.length; k++) {
      assertThat(actual[k]).as("entry %d", k).isCloseTo(expected[k], within(1e-13 * scale));
    }
  }

  private static void assertAnswers(RightHandSide side, Problem problem, Activation activation, DMatrixRMaj gram) {
    Answer expected = plainly(problem, activation, gram);
    Answer full = new Answer(problem);
    side.evaluate(problem.u, problem.a, full.r, full.c, full.du, full.da);
    Answer brief = new Answer(problem);
    side.evaluate(problem.u, problem.a, brief.r, brief.du, brief.da);
    Answer without = new Answer(problem);
    side.evaluateCoefficients(problem.u, problem.a, without.r, without.c, without.da);
    double[] alone = new double[problem.n];
    side.residual(problem.u, problem.a, alone);
    double size = 10 * problem.norms[0];
    assertClose(full.r, expected.r, 10);
    assertClose(full.c, expected.c, 10);
    assertClose(full.da, expected.da, 10);
    assertClose(full.du, expected.du, size);
    assertThat(brief.r).isEqualTo(full.r);
    assertThat(brief.du).isEqualTo(full.du);
    assertThat(brief.da).isEqualTo(full.da);
    assertThat(without.r).isEqualTo(full.r);
    assertThat(without.c).isEqualTo(full.c);
    assertThat(without.da).isEqualTo(full.da);
    assertThat(alone).isEqualTo(full.r);
  }

  @Test
  void theThreeFormsAreTheFormulas() {
    assertForms(DenseProducts.java());
  }

  @Test
  void soTheyAreOnTheNativePathWhereThereIsOne() {
    DenseProducts found = DenseProducts.of(ProductPath.NATIVE);
    assumeTrue(found.path() == ProductPath.NATIVE, () -> found.reason().orElse(""));
    assertForms(found);
  }

  /** What a JVM with the Vector module runs. */
  public static final class Child {
    private Child() {}

    /** Prints the path it compared. */
    public static void main(String[] arguments) {
      assertForms(DenseProducts.asked());
      System.out.println(DenseProducts.asked().path());
    }
  }

  @Test
  void soTheyAreOnTheVectorPath() throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-modules",
                "jdk.incubator.vector",
                "-Dliftgrad.products=vector",
                "-cp",
                System.getProperty("java.class.path"),
                Child.class.getName())
            .redirectErrorStream(true)
            .start();
    String all = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(all).isZero();
    assertThat(all.strip()).endsWith("vector");
  }

  private static void assertForms(DenseProducts products) {
    for (int[] size : new int[][] {{1, 1, 1}, {5, 9, 3}, {63, 4, 7}, {64, 90, 2}, {130, 20, 11}, {1100, 3, 5}}) {
      Problem problem = new Problem(size[0], size[1], size[2]);
      DMatrixRMaj diagonal = CommonOps_DDRM.diag(problem.norms);
      for (Activation activation : ACTIVATIONS) {
        assertAnswers(
            RightHandSide.gram(activation, problem.labels, problem.p, problem.gram, products),
            problem, activation, problem.gram);
        assertAnswers(
            RightHandSide.inputs(activation, problem.labels, problem.p, problem.inputs, products),
            problem, activation, problem.gram);
        assertAnswers(
            RightHandSide.diagonal(activation, problem.labels, problem.p, problem.norms, products),
            problem, activation, diagonal);
      }
    }
  }

  @Test
  void theNumberOfThreadsLeavesNoTrace() {
    Problem problem = new Problem(700, 30, 9);
    for (RightHandSide side :
        List.of(
            RightHandSide.gram(Activation.relu(), problem.labels, 9, problem.gram, DenseProducts.java()),
            RightHandSide.inputs(Activation.relu(), problem.labels, 9, problem.inputs, DenseProducts.java()),
            RightHandSide.diagonal(Activation.relu(), problem.labels, 9, problem.norms, DenseProducts.java()))) {
      Answer many = new Answer(problem);
      side.evaluate(problem.u, problem.a, many.r, many.du, many.da);
      Answer one = new Answer(problem);
      Workers.serially(() -> side.evaluate(problem.u, problem.a, one.r, one.du, one.da));
      assertThat(one.r).isEqualTo(many.r);
      assertThat(one.du).isEqualTo(many.du);
      assertThat(one.da).isEqualTo(many.da);
    }
  }

  @Test
  void aCallAllocatesNothing() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long here = Thread.currentThread().getId();
    Problem problem = new Problem(150, 20, 6);
    Answer answer = new Answer(problem);
    for (RightHandSide side :
        List.of(
            RightHandSide.gram(Activation.relu(), problem.labels, 6, problem.gram, DenseProducts.java()),
            RightHandSide.inputs(Activation.tanh(), problem.labels, 6, problem.inputs, DenseProducts.java()),
            RightHandSide.diagonal(Activation.relu(), problem.labels, 6, problem.norms, DenseProducts.java()))) {
      long least = Long.MAX_VALUE;
      for (int round = 0; round < 20; round++) {
        long before = threads.getThreadAllocatedBytes(here);
        for (int k = 0; k < 100; k++) {
          side.evaluate(problem.u, problem.a, answer.r, answer.du, answer.da);
        }
        least = Math.min(least, threads.getThreadAllocatedBytes(here) - before);
      }
      // What the count itself takes; an object a call would be 1600 bytes.
      assertThat(least).as(side.form()).isLessThan(1000);
    }
  }

  @Test
  void whatIsNotANumberStaysSo() {
    Problem problem = new Problem(70, 5, 3);
    problem.u[10] = Double.NaN;
    RightHandSide side =
        RightHandSide.diagonal(Activation.relu(), problem.labels, 3, problem.norms, DenseProducts.java());
    Answer answer = new Answer(problem);
    side.evaluate(problem.u, problem.a, answer.r, answer.du, answer.da);
    assertThat(answer.r[10]).isNaN();
    assertThat(answer.da).containsOnly(Double.NaN);
  }

  @Test
  void sizesThatDoNotFitAreRefused() {
    assertThatThrownBy(
            () -> RightHandSide.diagonal(Activation.relu(), new double[3], 2, new double[4], DenseProducts.java()))
        .hasMessage("the number of rows of squaredNorms is 4; it must be 3, that of labels.");
    assertThatThrownBy(
            () -> RightHandSide.gram(Activation.relu(), new double[3], 0, new DMatrixRMaj(3, 3), DenseProducts.java()))
        .hasMessage("neurons is 0; it must be at least 1.");
    assertThatThrownBy(
            () -> RightHandSide.gram(Activation.relu(), new double[3], 1, new DMatrixRMaj(3, 2), DenseProducts.java()))
        .hasMessage("the number of columns of gram is 2; it must be 3, that of rows.");
  }
}
