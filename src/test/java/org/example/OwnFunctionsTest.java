package org.example;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.liftgrad.blueprint.Blueprint.blueprint;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.liftgrad.blueprint.ActivationFunction;
import org.liftgrad.blueprint.Blueprint;
import org.liftgrad.blueprint.BlueprintJson;
import org.liftgrad.blueprint.MessageFunction;
import org.liftgrad.blueprint.MessageRule;
import org.liftgrad.blueprint.Space;

/** Functions written by others, outside the packages of the library. */
class OwnFunctionsTest {

  /** M(w, y) = w y³, with a reverse rule that may be wrong. */
  private record Cubed(Space source, double factor, boolean overwrites) implements MessageFunction {

    @Override
    public String name() {
      return "cubed";
    }

    @Override
    public Space weights() {
      return Space.real();
    }

    @Override
    public Space output() {
      return source;
    }

    @Override
    public void add(double[] weights, int at, double[] source, double[] preactivation, int batch) {
      for (int j = 0; j < this.source.dimension() * batch; j++) {
        double message = weights[at] * source[j] * source[j] * source[j];
        preactivation[j] = overwrites ? message : preactivation[j] + message;
      }
    }

    @Override
    public void addReverse(
        double[] weights, int at, double[] source, double[] preactivationGradient, double[] sourceGradient,
        double[] weightGradient, int batch) {
      for (int j = 0; j < this.source.dimension() * batch; j++) {
        sourceGradient[j] += factor * weights[at] * source[j] * source[j] * preactivationGradient[j];
        weightGradient[at] += source[j] * source[j] * source[j] * preactivationGradient[j];
      }
    }
  }

  @Test
  void aMessageOfOnesOwnIsComparedWithFiniteDifferences() {
    assertThatCode(() -> withMessage(source -> new Cubed(source, 3, false))).doesNotThrowAnyException();
    assertThatThrownBy(() -> withMessage(source -> new Cubed(source, 2, false)))
        .hasMessageStartingWith("Edge x → t: the reverse rule of cubed is off finite differences by ")
        .hasMessageEndingWith("it must be within 1e-6 of them, sample by sample, adding where it is told to add.");
    // A gradient off by a part in ten thousand is found out too, and one that forgets to add.
    assertThatThrownBy(() -> withMessage(source -> new Cubed(source, 3.0003, false)))
        .hasMessageContaining("off finite differences");
    assertThatThrownBy(() -> withMessage(source -> new Cubed(source, 3, true)))
        .hasMessageContaining("cubed is");
  }

  private static Blueprint withMessage(MessageRule rule) {
    return blueprint("b").input("x", Space.of(2)).readout("t").from("x", rule).build();
  }

  /** The larger of two pre-activations, entry by entry, with samples perhaps mixed up. */
  private record Larger(List<Space> inputs, boolean mixed) implements ActivationFunction {

    @Override
    public String name() {
      return "larger";
    }

    @Override
    public Space output() {
      return inputs.get(0);
    }

    @Override
    public void apply(double[][] preactivations, double[] value, int batch) {
      int count = output().dimension() * batch;
      for (int j = 0; j < count; j++) {
        value[j] = Math.max(preactivations[0][j], preactivations[1][mixed ? count - 1 - j : j]);
      }
    }

    @Override
    public void reverse(
        double[][] preactivations, double[] value, double[] valueGradient, double[][] preactivationGradients,
        int batch) {
      for (int j = 0; j < output().dimension() * batch; j++) {
        boolean first = preactivations[0][j] > preactivations[1][j];
        preactivationGradients[0][j] = first ? valueGradient[j] : 0;
        preactivationGradients[1][j] = first ? 0 : valueGradient[j];
      }
    }
  }

  @Test
  void anActivationFunctionOfOnesOwnIsComparedWithFiniteDifferences() {
    assertThatCode(() -> withActivation(false)).doesNotThrowAnyException();
    assertThatThrownBy(() -> withActivation(true))
        .hasMessageStartingWith("Vertex t: the reverse rule of larger is at odds with its values;");
  }

  private static Blueprint withActivation(boolean mixed) {
    return blueprint("b").input("x").input("y").output("t", inputs -> new Larger(inputs, mixed)).from("x", "y")
        .build();
  }

  @Test
  void aFunctionOfOnesOwnIsWrittenByAName() {
    MessageRule cubed = source -> new Cubed(source, 3, false);
    Blueprint blueprint = withMessage(cubed);
    assertThatThrownBy(() -> BlueprintJson.standard().write(blueprint))
        .hasMessage(
            "the function cubed is one's own and without a name; it must be said by withMessage or withActivation.");
    BlueprintJson json = BlueprintJson.standard().withMessage("my cube", cubed);
    assertThat(json.read(json.write(blueprint))).isEqualTo(blueprint);
    assertThatThrownBy(() -> BlueprintJson.standard().read(json.write(blueprint)))
        .hasMessage("edges[0].message is \"my cube\"; it must be a function that the format knows.");
    Blueprint larger = withActivation(false);
    BlueprintJson other = json.withActivation("larger", inputs -> new Larger(inputs, false));
    assertThat(other.read(other.write(larger))).isEqualTo(larger);
  }
}
