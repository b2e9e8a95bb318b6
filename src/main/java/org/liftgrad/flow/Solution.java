package org.liftgrad.flow;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.liftgrad.kernel.Argument;
import org.liftgrad.kernel.Provenance;
import org.liftgrad.shallow.ShallowNetwork;
import org.liftgrad.statistics.Columns;
import org.liftgrad.statistics.Numbers;
import org.liftgrad.statistics.Tabular;
import tech.tablesaw.api.Table;

/**
 * What a run of the flow gives: the observed figures over time, the network it ended with, why it
 * ended, what it cost, where it comes from and what to cite. Immutable.
 */
public final class Solution implements Tabular {

  private final ShallowNetwork network;
  private final Mode[][] modes;
  private final Method method;
  private final double tolerance;
  private final double time;
  private final Ending ending;
  private final Statistics statistics;
  private final List<String> columns;
  private final List<double[]> rows;
  private final double conservationDrift;
  private final double curvature;
  private final Provenance provenance;
  private final ShallowNetwork start;
  private final List<Observer> observers;
  private final Optional<Payload> checkpoint;
  private final Optional<KeptStates> kept;
  private final Optional<ErrorEstimate> errorEstimate;

  Solution(
      ShallowNetwork start,
      FlowProblem problem,
      Method method,
      double tolerance,
      Outcome outcome,
      List<Observer> observers,
      List<double[]> rows,
      Optional<KeptStates> kept,
      Optional<ErrorEstimate> errorEstimate,
      Provenance provenance) {
    this.method = method;
    this.tolerance = tolerance;
    this.provenance = provenance;
    this.start = start;
    this.observers = observers;
    this.kept = kept;
    this.errorEstimate = errorEstimate;
    checkpoint = outcome.checkpoint();
    time = outcome.time();
    ending = outcome.ending();
    statistics = outcome.statistics();
    List<String> names = new ArrayList<>(List.of("time"));
    observers.forEach(observer -> names.add(observer.name()));
    columns = Collections.unmodifiableList(names);
    this.rows = List.copyOf(rows);
    FlowState state = outcome.state();
    conservationDrift = state.conservationDrift();
    curvature = state.curvature();
    modes = new Mode[problem.neurons][problem.points];
    for (int j = 0; j < problem.neurons; j++) {
      for (int i = 0; i < problem.points; i++) {
        modes[j][i] = state.mode(j, i);
      }
    }
    network =
        ending == Ending.NOT_FINITE
            ? start
            : networkOf(problem, state, start.provenance().with("flow", provenance));
  }

  private ShallowNetwork networkOf(FlowProblem problem, FlowState state, Provenance made) {
    double[] squaredNorms = new double[problem.neurons];
    for (int j = 0; j < problem.neurons; j++) {
      squaredNorms[j] = Math.max(state.squaredWeightNorm(j), 0);
    }
    return new ShallowNetwork(
        start.data(),
        start.activation(),
        problem.matrixOf(state.preactivations),
        squaredNorms,
        state.readout,
        weights(start, problem, state),
        made);
  }

  /** W(t) = W(0) + C(t) X, where both are known. */
  private static Optional<DMatrixRMaj> weights(
      ShallowNetwork start, FlowProblem problem, FlowState state) {
    if (start.weights().isEmpty() || start.data().storedInputs().isEmpty()) {
      return Optional.empty();
    }
    DMatrixRMaj weights = start.weights().get();
    DMatrixRMaj coefficients =
        DMatrixRMaj.wrap(problem.neurons, problem.points, state.coefficients().clone());
    CommonOps_DDRM.multAdd(
        coefficients, start.data().storedInputs().get(), weights);
    return Optional.of(weights);
  }

  /** The network at the end of the run (after {@link Ending#NOT_FINITE}: at its start). */
  public ShallowNetwork network() {
    return network;
  }

  /**
   * The network at a time of the run, by the series of the step it lies in: to the same bits as the end of a run
   * of the exact flow until then.
   *
   * @param at from 0 (for a resumed run, from the time of its checkpoint) to {@link #time()}
   * @throws IllegalArgumentException for another time, or where states were not kept ({@link
   *     GradientFlow#keepStates()})
   */
  public ShallowNetwork networkAt(double at) {
    KeptStates states =
        kept.orElseThrow(() -> Argument.refused("keepStates", "not said", "said before the run, to ask for its states"));
    Argument.require(ending != Ending.NOT_FINITE, "the ending", ending, "another for a state to be asked for");
    double from = states.isEmpty() ? time : states.from();
    Argument.between("the time", at, from, time);
    if (states.isEmpty()) {
      return network;
    }
    FlowState state = states.at(at);
    return networkOf(states.problem(), state, start.provenance().with("flow", provenance.with("state at", at)));
  }

  /** The time at which the run ended, in units of the flow θ' = −p∇L. */
  public double time() {
    return time;
  }

  /** The loss at the end. */
  public double loss() {
    return network.loss();
  }

  /** The local-PL curvature at the end. */
  public double curvature() {
    return curvature;
  }

  /** Why the run ended. */
  public Ending ending() {
    return ending;
  }

  /** What the run cost and met. */
  public Statistics statistics() {
    return statistics;
  }

  /** The tolerance it was asked for, or had by default; descent has none, and takes no notice of it. */
  public double tolerance() {
    return tolerance;
  }

  /** The method used; for the exact flow the way that was chosen. */
  public Method method() {
    return method;
  }

  /** The largest change of a_j² − ‖w_j‖² at the end; a bug finder, not an error estimate. */
  public double conservationDrift() {
    return conservationDrift;
  }

  /** How far the state may be from that of the flow, where {@link GradientFlow#estimateError} asked for it. */
  public Optional<ErrorEstimate> errorEstimate() {
    return errorEstimate;
  }

  /** What a pair does at the end. */
  public Mode mode(int neuron, int point) {
    Argument.require(neuron >= 0 && neuron < modes.length, "neuron", neuron, "from 0 to " + (modes.length - 1));
    Argument.require(
        point >= 0 && point < modes[0].length, "point", point, "from 0 to " + (modes[0].length - 1));
    return modes[neuron][point];
  }

  /** The number of pairs that slide at the end. */
  public int slidingPairs() {
    int count = 0;
    for (Mode[] row : modes) {
      for (Mode mode : row) {
        count += mode == Mode.SLIDING ? 1 : 0;
      }
    }
    return count;
  }

  /** The names of the observed columns; the first is "time". */
  public List<String> columns() {
    return columns;
  }

  /** One observed column, a number a row; a copy. */
  public double[] column(String name) {
    int index = columns.indexOf(name);
    Argument.require(index >= 0, "column", name, "one of " + columns);
    return rows.stream().mapToDouble(row -> row[index]).toArray();
  }

  /** The last observed value of a column. */
  public double last(String name) {
    double[] values = column(name);
    return values[values.length - 1];
  }

  /** The observed figures as a table, a row an observed time. */
  @Override
  public Table table() {
    Columns table = Columns.named("time", column("time"));
    for (String name : columns.subList(1, columns.size())) {
      table = table.and(name, column(name));
    }
    return table.table("trajectory");
  }

  /** A sentence on what may be wrong with the run, if anything may be. */
  public Optional<String> warning() {
    if (!ending.asAsked()) {
      return Optional.of(ending.advice());
    }
    if (errorEstimate.isPresent() && errorEstimate.get().separation().isPresent()) {
      return Optional.of("Tighten the tolerance and compare: " + errorEstimate.get() + ".");
    }
    if (errorEstimate.isPresent() && errorEstimate.get().absolute() == Double.POSITIVE_INFINITY) {
      return Optional.of(
          "The error is not known: a run of tolerance " + Numbers.rounded(errorEstimate.get().looserTolerance(), 2) + " did not come as far.");
    }
    if (statistics.ambiguous() > 0) {
      return Optional.of(
          statistics.ambiguous()
              + " events had more than one continuation; the inactive one was taken.");
    }
    if (method instanceof Method.Exact && statistics.grazing().unresolvedAt(tolerance)) {
      return Optional.of(
          "A repelling pair grazed zero within the tolerance ("
              + statistics.grazing()
              + "): the state may be on either side of a separatrix. Tighten the tolerance and compare.");
    }
    return Optional.empty();
  }

  /**
   * Where the run can be taken up again, with {@link GradientFlow#resume}: the last boundary between steps, a
   * little before {@link #time()} where the last step was cut short.
   *
   * @throws IllegalArgumentException for the stock solver, which keeps no state that it could go on from to the
   *     same bytes, and for a run that stalled or left the finite numbers
   */
  public Checkpoint checkpoint() {
    Argument.require(
        ending != Ending.NOT_FINITE && ending != Ending.STALLED,
        "the ending", ending, "another for a checkpoint, as nothing good would follow");
    Payload payload =
        checkpoint.orElseThrow(
            () -> Argument.refused("method", method.name(), "the exact flow or gradient descent for a checkpoint"));
    return new Checkpoint(
        Checkpoint.fingerprint(start),
        method.name(),
        tolerance,
        payload.finite("time", 1)[0],
        Checkpoint.names(observers),
        payload);
  }

  /** How the run came about. */
  public Provenance provenance() {
    return provenance;
  }

  /** What to cite for it, as BibTeX. */
  public List<String> citations() {
    return List.of(
        """
        @inproceedings{dana2025,
          author = {Dana, L{\\'e}o and Bach, Francis and Pillaud-Vivien, Loucas},
          title = {Convergence of Shallow {ReLU} Networks on Weakly Interacting Data},
          booktitle = {NeurIPS}, year = {2025}, eprint = {2502.16977}
        }""",
        method.citation());
  }

  /** What ran and how it ended, in a few lines. */
  @Override
  public String toString() {
    String text =
        method.name() + " to t = " + rounded(time) + ": loss " + rounded(loss()) + ", curvature "
            + rounded(curvature) + ", " + slidingPairs() + " sliding pairs\n" + ending.advice() + "\n"
            + statistics.steps() + " steps, " + statistics.events() + " events, "
            + statistics.products() + " products; drift " + rounded(conservationDrift);
    String known = text + errorEstimate.map(estimate -> "\n" + estimate).orElse("");
    return warning().filter(sentence -> ending.asAsked()).map(sentence -> known + "\n" + sentence).orElse(known);
  }

  private static String rounded(double value) {
    return Numbers.rounded(value, 5);
  }
}
