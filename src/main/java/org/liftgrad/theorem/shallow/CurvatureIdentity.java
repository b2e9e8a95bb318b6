package org.liftgrad.theorem.shallow;

import java.util.List;
import org.ejml.data.DMatrixRMaj;
import org.liftgrad.flow.FlowState;
import org.liftgrad.flow.Mode;
import org.liftgrad.flow.Observer;
import org.liftgrad.flow.Solution;
import org.liftgrad.plot.Plot;
import org.liftgrad.shallow.ShallowNetwork;
import org.liftgrad.statistics.Numbers;
import org.liftgrad.theorem.Assurance;
import org.liftgrad.theorem.Check;
import org.liftgrad.theorem.Finding;
import org.liftgrad.theorem.Parameters;
import org.liftgrad.theorem.Row;
import org.liftgrad.theorem.Scale;
import org.liftgrad.theorem.Trial;
import org.liftgrad.theorem.Verdict;

/** PLa: the loss falls by exactly what the integral of the local-PL curvature says. */
final class CurvatureIdentity {

  private static final double MOST = 1e-6;

  private CurvatureIdentity() {}

  static Check check() {
    return Check.named("shallow/PLa", "The integral of the curvature is the fall of the loss", "shallow/local-pl")
        .asks("Is log(L(0)/L(t)) the integral of the local-PL curvature along the flow?")
        .holdsIf(
            "the two differ by at most 1e-6 of the integral in every run (to L < 1e-6/(2n), or t = 10⁴ n, or 20 n p steps)")
        .control(
            "the curvature's own mechanism: p‖∇L‖²/L with relu'(0) = 0 in place of the flow's velocity, wrong"
                + " while a pair slides",
            "up to some 8 % at a time, up to 0.4 % of the integral")
        .plan(Scale.QUICK, Size.plan(List.of(10, 20), List.of(4.0), 20))
        .plan(Scale.PAPER, Size.plan(List.of(10, 50), List.of(4.0), 20))
        .plan(Scale.BEYOND, Size.plan(List.of(10, 50, 100), List.of(1.0, 4.0, 16.0), 20))
        .recorded(Scale.QUICK, Verdict.HOLDS)
        .recorded(Scale.PAPER, Verdict.HOLDS)
        .assured(
            plan ->
                Assurance.deterministic(
                    (long) plan.whole("runs") * Size.of(plan).size(), 0.5, "at n = 10 and 20, d = 4n², seed 1000"))
        .runs(CurvatureIdentity::run);
  }

  private static Finding run(Trial trial) {
    Parameters plan = trial.parameters();
    List<Row> rows =
        trial.runs(Size.of(plan), plan.whole("runs"), (size, replicate) -> row(trial, size, replicate));
    Row worst = rows.get(0);
    for (Row row : rows) {
      worst = row.number("relative gap") > worst.number("relative gap") ? row : worst;
    }
    double gap = worst.number("relative gap");
    return Finding.judged(gap <= MOST, rows)
        .measured("largest |log(L(0)/L(t)) − ∫μ| / ∫μ", gap)
        .predicted(0)
        .explained(
            "Over " + rows.size() + " runs the two sides differ by at most " + Numbers.rounded(gap, 3)
                + " of the integral; up to "
                + rows.stream().mapToLong(row -> row.whole("most sliding pairs")).max().orElse(0)
                + " pairs slid at a time.")
        .figure(
            Plot.plot(Row.table("PLa", rows)).x("integral").points("relative gap").logY()
                .bound("allowed", MOST).title("Fall of the loss against ∫μ"));
  }

  private static Row row(Trial trial, Size size, int replicate) {
    ShallowNetwork network =
        Starts.lawS(trial, size.points(), size.dimension(), size.neurons(), replicate);
    DMatrixRMaj gram = network.data().gram();
    Observer curvature =
        trial.controlled()
            ? Observer.integral("integral", state -> strictCurvature(state, gram))
            : Observer.integral("integral", FlowState::curvature);
    Solution solution =
        Starts.followed(Starts.until(network, Starts.fitted(size.points()), 1e4 * size.points()).observe(curvature));
    double integral = solution.last("integral");
    double fall = StrictMath.log(network.loss() / solution.loss());
    return size.row(replicate)
        .and("time", solution.time())
        .and("fall of log loss", fall)
        .and("integral", integral)
        .and("relative gap", Math.abs(fall - integral) / integral)
        .and("most sliding pairs", solution.statistics().mostSliding())
        .and("ending", solution.ending().toString());
  }

  /** p‖∇L‖²/L as a program without sliding has it: the indicator of a held pair is 0. */
  private static double strictCurvature(FlowState state, DMatrixRMaj gram) {
    int n = state.points();
    double sum = 0;
    for (int j = 0; j < state.neurons(); j++) {
      double readoutSpeed = 0;
      double inner = 0;
      for (int i = 0; i < n; i++) {
        if (state.mode(j, i) == Mode.ACTIVE) {
          readoutSpeed += state.residual(i) * state.preactivation(j, i);
          for (int k = 0; k < n; k++) {
            if (state.mode(j, k) == Mode.ACTIVE) {
              inner += state.residual(i) * state.residual(k) * gram.unsafe_get(i, k);
            }
          }
        }
      }
      double a = state.readout(j);
      sum += readoutSpeed * readoutSpeed + a * a * inner;
    }
    return sum / ((double) n * n * state.neurons() * state.loss());
  }
}
