package org.liftgrad.flow;

import org.liftgrad.kernel.Argument;
import org.liftgrad.statistics.Numbers;

/**
 * The state at one time of a run, as an {@link Observer} sees it. One object is filled again and
 * again: it is valid during the call only, and what should last must be copied out.
 */
public final class FlowState {

  private final FlowProblem problem;
  final double[] preactivations;
  final double[] readout;
  final double[] residual;
  final double[] preactivationSpeeds;
  final double[] readoutSpeeds;
  final byte[] modes;
  private final double[] coefficients;
  private double time;
  private Segment segment;
  private boolean coefficientsFilled;

  FlowState(FlowProblem problem) {
    this.problem = problem;
    preactivations = new double[problem.pairs()];
    readout = new double[problem.neurons];
    residual = new double[problem.points];
    preactivationSpeeds = new double[problem.pairs()];
    readoutSpeeds = new double[problem.neurons];
    modes = new byte[problem.pairs()];
    coefficients = new double[problem.pairs()];
  }

  void fill(Segment source, double at) {
    segment = source;
    time = at;
    coefficientsFilled = false;
    source.fill(at, this);
  }

  /** The time t, in units of the flow θ' = −p∇L. */
  public double time() {
    return time;
  }

  /** n. */
  public int points() {
    return problem.points;
  }

  /** p. */
  public int neurons() {
    return problem.neurons;
  }

  /** ⟨w_j, x_i⟩; both indices from 0. */
  public double preactivation(int neuron, int point) {
    return preactivations[pair(neuron, point)];
  }

  /** a_j. */
  public double readout(int neuron) {
    return readout[neuron];
  }

  /** r_i = y_i − h(x_i). */
  public double residual(int point) {
    return residual[point];
  }

  /** All residuals; a copy. */
  public double[] residual() {
    return residual.clone();
  }

  /** What the pair does; for a smooth activation always {@link Mode#ACTIVE}. */
  public Mode mode(int neuron, int point) {
    return MODES[modes[pair(neuron, point)]];
  }

  private static final Mode[] MODES = Mode.values();

  private int pair(int neuron, int point) {
    Argument.require(
        neuron >= 0 && neuron < problem.neurons, "neuron", neuron, "from 0 to " + (problem.neurons - 1));
    Argument.require(
        point >= 0 && point < problem.points, "point", point, "from 0 to " + (problem.points - 1));
    return neuron * problem.points + point;
  }

  /** The number of pairs that slide. */
  public int slidingPairs() {
    int count = 0;
    for (byte mode : modes) {
      count += mode == SLIDING ? 1 : 0;
    }
    return count;
  }

  static final byte INACTIVE = (byte) Mode.INACTIVE.ordinal();
  static final byte ACTIVE = (byte) Mode.ACTIVE.ordinal();
  static final byte SLIDING = (byte) Mode.SLIDING.ordinal();

  /** L = (1/2n)‖r‖². */
  public double loss() {
    return problem.loss(residual);
  }

  /**
   * ‖θ'‖², the squared speed of all parameters, from the flow's own velocity (so that a sliding pair
   * counts with its own share, not with an indicator of 0).
   */
  public double squaredSpeed() {
    boolean kinked = problem.activation.kinked();
    double inactive = kinked ? problem.activation.slope(-1) : 0;
    double sum = 0;
    for (int j = 0; j < problem.neurons; j++) {
      int base = j * problem.points;
      // ‖w_j'‖² = (a_j/n) Σ_i V_ji u_ji', and u' = 0 where a pair slides.
      double inner = 0;
      for (int i = 0; i < problem.points; i++) {
        if (modes[base + i] == ACTIVE) {
          // At a kink an active pair may be at exactly 0, on its way up.
          double share = kinked ? 1 : problem.activation.slope(preactivations[base + i]);
          inner += residual[i] * share * preactivationSpeeds[base + i];
        } else if (inactive > 0 && modes[base + i] == INACTIVE) {
          inner += residual[i] * inactive * preactivationSpeeds[base + i];
        }
      }
      sum += readoutSpeeds[j] * readoutSpeeds[j] + readout[j] * inner / problem.points;
    }
    return sum;
  }

  /**
   * The local-PL curvature μ(t) = −L'(t)/L(t) = ‖θ'‖²/(p L) along the flow (Dana, Bach,
   * Pillaud-Vivien 2025, section 3).
   */
  public double curvature() {
    return squaredSpeed() / (problem.neurons * loss());
  }

  /**
   * E_i = (1/p) Σ_j a_j² 1[⟨w_j, x_i⟩ &gt; 0] for every point, the indicator strict: a sliding pair
   * counts 0. For leaky ReLU (1/p) Σ_j a_j² σ'², where a sliding pair counts as inactive.
   */
  public double[] activeEnergy() {
    double inactive = problem.activation.kinked() ? problem.activation.slope(-1) : 0;
    double[] energy = new double[problem.points];
    for (int j = 0; j < problem.neurons; j++) {
      double square = readout[j] * readout[j];
      int base = j * problem.points;
      for (int i = 0; i < problem.points; i++) {
        // By the mode too: a pair that leaves zero downwards may be a rounding error above it.
        boolean active = modes[base + i] == ACTIVE && preactivations[base + i] > 0;
        energy[i] += active ? square : square * inactive * inactive;
      }
    }
    for (int i = 0; i < energy.length; i++) {
      energy[i] /= problem.neurons;
    }
    return energy;
  }

  /** ‖w_j‖², from the start and the path of the weights in the span of the inputs. */
  public double squaredWeightNorm(int neuron) {
    double[] c = coefficients();
    double change = 0;
    for (int k = neuron * problem.points; k < (neuron + 1) * problem.points; k++) {
      change += c[k] * (problem.startPreactivations[k] + preactivations[k]);
    }
    return problem.startSquaredNorms[neuron] + change;
  }

  /**
   * The largest change since the start of a_j² − ‖w_j‖², over the neurons (ReLU and leaky ReLU; for u^β: of
   * β a_j² − ‖w_j‖²; Lemmas 1 and 1'). The flow keeps it at 0 up to rounding.
   */
  public double conservationDrift() {
    return conservationDrift(problem.conservedFactor());
  }

  /** The largest change since the start of factor·a_j² − ‖w_j‖². */
  public double conservationDrift(double factor) {
    double most = 0;
    for (int j = 0; j < problem.neurons; j++) {
      double start = factor * problem.startReadout[j] * problem.startReadout[j] - problem.startSquaredNorms[j];
      double drift = factor * readout[j] * readout[j] - squaredWeightNorm(j) - start;
      most = Math.max(most, Math.abs(drift));
    }
    return most;
  }

  /** C with W(t) = W(0) + C(t) X, neuron by neuron; kept until the next filling. */
  double[] coefficients() {
    if (!coefficientsFilled) {
      segment.fillCoefficients(time, coefficients);
      coefficientsFilled = true;
    }
    return coefficients;
  }

  /** Where it is. */
  @Override
  public String toString() {
    return "the state at t = " + Numbers.rounded(time, 6) + ": loss " + Numbers.rounded(loss(), 4) + ", "
        + Numbers.counted(neurons(), "neuron") + " on " + Numbers.counted(points(), "point");
  }
}
