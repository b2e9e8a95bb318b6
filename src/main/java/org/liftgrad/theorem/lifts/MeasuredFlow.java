package org.liftgrad.theorem.lifts;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.liftgrad.flow.LiftRun;
import org.liftgrad.flow.LiftTraining;
import org.liftgrad.lift.LiftedNetwork;
import org.liftgrad.lift.Passes;
import org.liftgrad.lift.Regression;

/**
 * A flow with what the lemmas of section 2 speak of, measured along its path: integrals of the squared and of the plain
 * speed, by Gauss and Lobatto's five points a step, and how far each parameter ever was from its start.
 */
final class MeasuredFlow {

  /** Gauss–Lobatto on [0, 1]: exact up to degree 7, as the dense output is of order 7. */
  private static final double[] NODES = {0, 0.5 - 0.5 * Math.sqrt(3.0 / 7), 0.5, 0.5 + 0.5 * Math.sqrt(3.0 / 7), 1};

  private static final double[] WEIGHTS = {1.0 / 20, 49.0 / 180, 16.0 / 45, 49.0 / 180, 1.0 / 20};

  /**
   * What flows.
   *
   * @param start the network at time 0
   * @param task whose loss is L
   * @param driving whose gradient the flow follows: the task itself, where nothing is broken
   * @param rates of the parameters; empty where all are 1
   * @param time the flow ends at this time at the latest
   * @param loss and where L of the driving task is this
   */
  record Course(LiftedNetwork start, Regression task, Regression driving, double[] rates, double time, double loss) {
    /** The flow follows the gradient of another task, until that one's loss is as said. */
    Course drivenBy(Regression other, double level) {
      return new Course(start, task, other, rates, time, level);
    }

    /** With rates. */
    Course at(double... others) {
      return new Course(start, task, driving, others, time, loss);
    }

    private LiftTraining training() {
      LiftTraining training = LiftTraining.of(start, driving).untilTime(time).untilLoss(loss);
      return rates.length == 0 ? training : training.rates(rates);
    }
  }

  /**
   * The end of a step.
   *
   * @param time t
   * @param loss L of the task
   * @param fallen ∫₀ᵗ ⟨g, P g⟩, for the gradient g that the flow follows and its rates P
   * @param length ∫₀ᵗ ‖θ'‖
   * @param displacement ‖θ(t) − θ(0)‖
   * @param sumOfFarthest Σ_k sup_{s ≤ t} |θ_k(s) − θ_k(0)|², over what was seen
   */
  record Moment(double time, double loss, double fallen, double length, double displacement, double sumOfFarthest) {}

  /** Sees the start and the end of every step. */
  interface Witness {
    /** The parameters are not to be kept or modified. */
    void at(Moment moment, double[] parameters);
  }

  private final Course course;
  private final Witness witness;
  private final Passes driving;
  private final Passes task;
  private final double[] before;
  private final double[] farthest;
  private final double[] gradient;
  private final List<Moment> moments = new ArrayList<>();
  private LiftRun run;
  private double fall;
  private double speed;

  private MeasuredFlow(Course course, Witness witness) {
    this.course = course;
    this.witness = witness;
    driving = new Passes(course.start.lift(), course.driving);
    task = new Passes(course.start.lift(), course.task);
    before = course.start.parameters();
    farthest = new double[before.length];
    gradient = new double[before.length];
  }

  /** Solves a course. */
  static MeasuredFlow of(Course course, double tolerance, Witness witness) {
    return of(course, tolerance, witness, stretch -> {});
  }

  private static MeasuredFlow of(
      Course course, double tolerance, Witness witness, Consumer<LiftTraining.Stretch> observer) {
    MeasuredFlow flow = new MeasuredFlow(course, witness);
    flow.evaluate(flow.before);
    flow.add(new Moment(0, flow.task.loss(flow.before), 0, 0, 0, 0), flow.before);
    flow.run = course.training().flow(tolerance).observe(observer.andThen(flow::see)).solve();
    return flow;
  }

  /**
   * A course, and the same with half the steps (see {@link Resolution}).
   *
   * @param coarse the flow that is judged
   * @param witness what saw it
   * @param fine the one with half the steps
   * @param finer what saw that
   * @param change the largest relative change of L at the ends of the coarse flow's steps; infinite where it ended otherwise
   */
  record Twice<W>(MeasuredFlow coarse, W witness, MeasuredFlow fine, W finer, double change) {}

  /** Solves a course at a tolerance, and with half the steps, each with a witness of its own. */
  static <W extends Witness> Twice<W> twice(Course course, double tolerance, Supplier<W> witnesses) {
    W first = witnesses.get();
    MeasuredFlow coarse = of(course, tolerance, first);
    Resolution.Comparison comparison = new Resolution.Comparison(coarse.run, coarse.driving::loss);
    W second = witnesses.get();
    MeasuredFlow fine = of(course, tolerance / Resolution.HALF, second, comparison::compare);
    boolean same = coarse.run.ending() == fine.run.ending();
    return new Twice<>(coarse, first, fine, second, same ? comparison.change() : Double.POSITIVE_INFINITY);
  }

  private void add(Moment moment, double[] parameters) {
    moments.add(moment);
    witness.at(moment, parameters);
  }

  private void evaluate(double[] at) {
    driving.gradient(at, gradient);
    fall = 0;
    double square = 0;
    for (int k = 0; k < gradient.length; k++) {
      double rated = course.rates.length == 0 ? gradient[k] : course.rates[k] * gradient[k];
      fall += rated * gradient[k];
      square += rated * rated;
    }
    speed = Math.sqrt(square);
  }

  private void see(LiftTraining.Stretch stretch) {
    double span = stretch.to() - stretch.from();
    Moment last = moments.get(moments.size() - 1);
    double fallen = WEIGHTS[0] * fall;
    double length = WEIGHTS[0] * speed;
    double[] at = before;
    for (int k = 1; k < NODES.length; k++) {
      at = stretch.at(k == NODES.length - 1 ? stretch.to() : stretch.from() + NODES[k] * span);
      evaluate(at);
      fallen += WEIGHTS[k] * fall;
      length += WEIGHTS[k] * speed;
      for (int i = 0; i < at.length; i++) {
        farthest[i] = Math.max(farthest[i], Math.abs(at[i] - before[i]));
      }
    }
    double displacement = 0;
    double sum = 0;
    for (int i = 0; i < at.length; i++) {
      displacement += (at[i] - before[i]) * (at[i] - before[i]);
      sum += farthest[i] * farthest[i];
    }
    add(
        new Moment(
            stretch.to(), task.loss(at), last.fallen + span * fallen, last.length + span * length, Math.sqrt(displacement),
            sum),
        at);
  }

  /** The start and the ends of all steps. */
  List<Moment> moments() {
    return List.copyOf(moments);
  }

  /** The last moment. */
  Moment last() {
    return moments.get(moments.size() - 1);
  }

  /** For each parameter, how far it ever was from its start. */
  double[] farthest() {
    return farthest.clone();
  }

  /** How it ended. */
  LiftRun run() {
    return run;
  }
}
