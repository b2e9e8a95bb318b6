package org.liftgrad.data;

import java.util.Arrays;
import org.liftgrad.kernel.Argument;
import org.liftgrad.statistics.Numbers;

/** The law of the labels y_1 … y_n. */
public sealed interface Labels {

  /**
   * |y_i| uniform on [low, high], each with a fair sign: the papers' law is {@code signed(1, 2)}.
   *
   * @param low above 0
   * @param high at least {@code low}
   */
  static Labels signed(double low, double high) {
    return new Uniform(range(low, high), true);
  }

  /**
   * y_i uniform on [low, high].
   *
   * @param low above 0
   * @param high at least {@code low}
   */
  static Labels positive(double low, double high) {
    return new Uniform(range(low, high), false);
  }

  /** Every label the same finite number. */
  static Labels constant(double label) {
    return new Constant(label);
  }

  /** The labels themselves, as many as there are points. */
  static Labels given(double... labels) {
    return new Given(labels);
  }

  /**
   * The labels of a random ReLU network: y_i = (1/√k) Σ_j b_j max(⟨v_j, x_i⟩, 0) with v_j standard
   * normal in R^d and b_j = ±1.
   *
   * @param neurons k, at least 1
   */
  static Labels teacher(int neurons) {
    return new Teacher(neurons);
  }

  private static Bounds range(double low, double high) {
    Argument.positive("the lower bound of the labels", low);
    Argument.finite("the upper bound of the labels", high);
    Argument.require(high >= low, "the upper bound of the labels", high, "at least the lower bound " + low);
    return new Bounds(low, high);
  }

  /**
   * Magnitudes uniform on an interval.
   *
   * @param magnitudes its ends
   * @param signed whether each label has a fair sign
   */
  record Uniform(Bounds magnitudes, boolean signed) implements Labels {
    @Override
    public String toString() {
      return (signed ? "±" : "") + "uniform on [" + magnitudes.least() + ", " + magnitudes.most() + "]";
    }
  }

  /**
   * One label for all.
   *
   * @param label a finite number
   */
  record Constant(double label) implements Labels {
    /** Refuses what is not finite. */
    public Constant {
      Argument.finite("the label", label);
    }

    @Override
    public String toString() {
      return "constant " + label;
    }
  }

  /**
   * Labels as given.
   *
   * @param labels finite numbers; copied
   */
  record Given(double[] labels) implements Labels {
    /** Copies the labels. */
    public Given {
      labels = Argument.finite("labels", labels.clone());
    }

    /** The labels; a copy. */
    @Override
    public double[] labels() {
      return labels.clone();
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Given given && Arrays.equals(labels, given.labels);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(labels);
    }

    @Override
    public String toString() {
      return labels.length + " given labels";
    }
  }

  /**
   * A random network's labels.
   *
   * @param neurons its number of neurons
   */
  record Teacher(int neurons) implements Labels {
    /** Refuses a teacher without neurons. */
    public Teacher {
      Argument.positive("the teacher's neurons", neurons);
    }

    @Override
    public String toString() {
      return "teacher of " + Numbers.counted(neurons, "neuron");
    }
  }
}
