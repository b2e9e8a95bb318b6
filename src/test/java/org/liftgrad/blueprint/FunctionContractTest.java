package org.liftgrad.blueprint;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** What every message and activation function promises; a new one is tested once it is in the lists. */
class FunctionContractTest {

  private static final int SEEDS = 50;

  private static final List<Space> SPACES = List.of(Space.real(), Space.of(5), Space.of(4, 3));

  static Stream<MessageFunction> messages() {
    Stream<MessageFunction> onAll =
        SPACES.stream()
            .flatMap(space -> Stream.of(new Linear(space), new Free(space), new Bias(space), new Mean(space)));
    Stream<MessageFunction> others =
        Stream.of(
            new CountedPower(1, Space.of(4)),
            new CountedPower(2, Space.of(4)),
            new Convolution(new Windows(Space.of(7), Space.of(3), 1, 0)),
            new Convolution(new Windows(Space.of(7), Space.of(3), 2, 2)),
            new Convolution(new Windows(Space.of(5, 6), Space.of(3, 3), 1, 1)),
            new Convolution(new Windows(Space.of(5, 6), Space.of(2, 3), 2, 1)),
            new Convolution(new Windows(Space.of(3, 3), Space.of(3, 3), 1, 2)),
            new Pooling(Pooling.Kind.MEAN, new Windows(Space.of(6, 4), Space.of(2, 2), 2, 0)),
            new Pooling(Pooling.Kind.LARGEST, new Windows(Space.of(6, 4), Space.of(3, 2), 1, 0)),
            new Pooling(Pooling.Kind.LARGEST, new Windows(Space.of(6), Space.of(2), 2, 0)));
    return Stream.concat(onAll, others);
  }

  static Stream<ActivationFunction> activations() {
    Stream<Activation> functions =
        Stream.of(
            Activation.identity(), Activation.relu(), Activation.leakyRelu(0.1), Activation.tanh(),
            Activation.softplus(), Activation.gelu(), Activation.monomial(3), Activation.positiveMonomial(2));
    Stream<ActivationFunction> pointwise =
        functions.flatMap(
            function ->
                Stream.of(
                    new PointwiseSum(function, List.of(Space.of(2, 3))),
                    new PointwiseSum(function, List.of(Space.real(), Space.real(), Space.real())),
                    new Gate(function, List.of(Space.of(4), Space.of(4)))));
    Mask mask = Mask.of(new boolean[][] {{true, false, true}, {false, true, false}});
    Stream<ActivationFunction> others =
        Stream.of(
            new Difference(List.of(Space.of(3), Space.of(3))),
            new Quotient(List.of(Space.of(3), Space.of(3))),
            new Average(List.of(Space.of(4))),
            new RootMeanSquare(1e-5, List.of(Space.of(4))),
            new OuterProduct(0.5, List.of(Space.of(3), Space.of(4))),
            new Mix(List.of(Space.of(4, 3), Space.of(3))),
            new RowSoftmax(Mask.none(3, 4), List.of(Space.of(3, 4))),
            new RowSoftmax(Mask.causal(4), List.of(Space.of(4, 4))),
            new RowSoftmax(mask, List.of(Space.of(2, 3))));
    return Stream.concat(pointwise, others);
  }

  @TestFactory
  Stream<DynamicTest> messagesAddWhatTheirReverseRulesSay() {
    return messages()
        .map(message -> DynamicTest.dynamicTest(message.toString(), () -> {
          for (int seed = 0; seed < SEEDS; seed++) {
            assertAgreement(seed, Derivatives.disagreements(message, seed));
          }
        }));
  }

  @TestFactory
  Stream<DynamicTest> activationsAreWhatTheirReverseRulesSay() {
    return activations()
        .map(activation -> DynamicTest.dynamicTest(activation.toString(), () -> {
          for (int seed = 0; seed < SEEDS; seed++) {
            assertAgreement(seed, Derivatives.disagreements(activation, seed));
          }
        }));
  }

  /** All points but one: a kink or a denominator near 0 may lie within a step of a point. */
  private static void assertAgreement(int seed, double[] disagreements) {
    double[] sorted = disagreements.clone();
    Arrays.sort(sorted);
    assertThat(sorted[sorted.length - 2]).as("seed " + seed).isLessThanOrEqualTo(1e-6);
  }

  @Test
  void everyFunctionOfThePackageIsInTheLists() {
    List<String> tested =
        Stream.concat(messages(), activations()).map(function -> function.getClass().getName()).toList();
    List<String> existing =
        new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("org.liftgrad.blueprint").stream()
                .filter(type -> type.isAssignableTo(MessageFunction.class) || type.isAssignableTo(ActivationFunction.class))
                .filter(type -> !type.isInterface())
                .map(JavaClass::getName)
                .toList();
    assertThat(tested).containsAll(existing);
    assertThat(existing).hasSizeGreaterThan(10);
  }

  @TestFactory
  Stream<DynamicTest> manyNumbersAreActivatedLikeOne() {
    return Stream.of(
            Activation.identity(), Activation.relu(), Activation.leakyRelu(0.1), Activation.tanh(),
            Activation.softplus(), Activation.gelu(), Activation.monomial(2), Activation.positiveMonomial(3))
        .map(function -> DynamicTest.dynamicTest(function.name(), () -> {
          double[] sums = {-30, -1.5, -0.0, 0, 1e-300, 0.3, 2, 40};
          double[] values = new double[sums.length];
          double[] slopes = new double[sums.length];
          function.apply(sums, values, sums.length);
          function.slopes(sums, values, slopes, sums.length);
          for (int k = 0; k < sums.length; k++) {
            assertThat(values[k]).isEqualTo(function.value(sums[k]));
            assertThat(slopes[k]).isEqualTo(function.slope(sums[k]));
          }
          function.apply(sums, sums, sums.length);
          assertThat(sums).isEqualTo(values);
        }));
  }
}
