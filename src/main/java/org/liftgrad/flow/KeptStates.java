package org.liftgrad.flow;

import java.util.ArrayList;
import java.util.List;
import org.liftgrad.kernel.Argument;
import org.liftgrad.statistics.Numbers;

/** The steps of a run, kept one after another, so that the state at any time can be had later. */
final class KeptStates {

  private record Step(double from, double to, Segment segment) {}

  private final FlowProblem problem;
  private final long mostBytes;
  private final List<Step> steps = new ArrayList<>();
  private long bytes;

  KeptStates(FlowProblem problem, long mostBytes) {
    this.problem = problem;
    this.mostBytes = mostBytes;
  }

  FlowProblem problem() {
    return problem;
  }

  /** Keeps a copy of a step up to a time. */
  void add(Segment segment, double from, double to) {
    if (!(to > from)) {
      return;
    }
    bytes += segment.bytes();
    if (bytes > mostBytes) {
      throw Argument.refused(
          "keepStates",
          mostBytes + " bytes, used up at t = " + Numbers.rounded(to, 6),
          "more, or the run shorter or of a looser tolerance");
    }
    steps.add(new Step(from, to, segment.copy()));
  }

  /** Were there any steps? */
  boolean isEmpty() {
    return steps.isEmpty();
  }

  /** The first time covered. */
  double from() {
    return steps.get(0).from();
  }

  /** The state at a time that is covered; where two steps meet, by the earlier one. */
  FlowState at(double time) {
    int low = 0;
    int high = steps.size() - 1;
    while (low < high) {
      int middle = (low + high) / 2;
      if (time <= steps.get(middle).to()) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    FlowState state = new FlowState(problem);
    state.fill(steps.get(low).segment(), time);
    return state;
  }
}
