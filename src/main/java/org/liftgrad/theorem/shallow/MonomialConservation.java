package org.liftgrad.theorem.shallow;

import java.util.ArrayList;
import java.util.List;
import org.liftgrad.blueprint.Activation;
import org.liftgrad.flow.GradientFlow;
import org.liftgrad.flow.Observer;
import org.liftgrad.flow.Solution;
import org.liftgrad.flow.StopCondition;
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

/** L1c: with a power as activation, the conserved quantity carries its exponent. */
final class MonomialConservation {

  private static final double MOST_DRIFT = 1e-8;
  private static final double LEAST_OTHER = 0.1;

  private MonomialConservation() {}

  static Check check() {
    return Check.named("shallow/L1c", "Powers conserve β a² − ‖w‖²", "shallow/lemma-1-monomials")
        .asks("With the activation u^β or max(u, 0)^β, is it β a_j² − ‖w_j‖² that stays, and not a_j² − ‖w_j‖²?")
        .holdsIf(
            "β a_j² − ‖w_j‖² drifts by less than 1e-8 in every run to L < 1e-6/(2n) or T = 20n, and for every"
                + " activation a_j² − ‖w_j‖² drifts by more than 0.1 in some run")
        .control("the mechanism: the factor β at a_j² is left out", "1 in place of 2 or 3")
        .plan(Scale.QUICK, plan(List.of(10), 5))
        .plan(Scale.PAPER, plan(List.of(10, 20), 20))
        .plan(Scale.BEYOND, plan(List.of(10, 50), 50))
        .recorded(Scale.QUICK, Verdict.HOLDS)
        .recorded(Scale.PAPER, Verdict.HOLDS)
        .assured(
            plan ->
                Assurance.deterministic(
                    (long) plan.whole("runs") * plan.wholes("points").length * plan.words("activations").size(),
                    0.9, "at n = 10, d = 4n², seed 1000"))
        .runs(MonomialConservation::run);
  }

  private static Parameters plan(List<Integer> points, int runs) {
    List<String> activations = List.of("u^2", "u^3", "relu(u)^2", "relu(u)^3");
    return Size.plan(points, List.of(4.0), runs)
        .number("timeOverPoints", 20, 0.01, 1e4, "T/n")
        .words("activations", activations, activations, "activations")
        .number("tolerance", 1e-12, 1e-14, 1e-4, "tolerance of the solver");
  }

  private static Activation activation(String name) {
    return switch (name) {
      case "u^2" -> Activation.monomial(2);
      case "u^3" -> Activation.monomial(3);
      case "relu(u)^2" -> Activation.positiveMonomial(2);
      default -> Activation.positiveMonomial(3);
    };
  }

  private static Finding run(Trial trial) {
    Parameters plan = trial.parameters();
    List<Row> rows = new ArrayList<>();
    boolean othersMove = true;
    for (String name : plan.words("activations")) {
      List<Row> some =
          trial.runs(Size.of(plan), plan.whole("runs"), (size, replicate) -> row(trial, name, size, replicate));
      othersMove &= some.stream().anyMatch(row -> row.number("drift of a² − ‖w‖²") > LEAST_OTHER);
      rows.addAll(some);
    }
    double largest = rows.stream().mapToDouble(row -> row.number("drift")).max().orElse(0);
    double least = rows.stream().mapToDouble(row -> row.number("drift of a² − ‖w‖²")).min().orElse(0);
    double most = rows.stream().mapToDouble(row -> row.number("drift of a² − ‖w‖²")).max().orElse(0);
    return Finding.judged(largest < MOST_DRIFT && othersMove, rows)
        .measured("largest drift of β a_j² − ‖w_j‖²", largest)
        .predicted(0)
        .explained(
            "The largest drift of β a_j² − ‖w_j‖² is " + Numbers.rounded(largest, 3) + " over " + rows.size()
                + " runs, while a_j² − ‖w_j‖² drifts by " + Numbers.rounded(least, 3) + " to "
                + Numbers.rounded(most, 3) + ".")
        .figure(
            Plot.plot(Row.table("L1c", rows)).x("drift of a² − ‖w‖²").by("activation").points("drift").logLog()
                .title("What a power conserves"));
  }

  private static Row row(Trial trial, String name, Size size, int replicate) {
    Activation activation = activation(name);
    ShallowNetwork network =
        Starts.lawS(trial, size.points(), size.dimension(), size.neurons(), replicate)
            .withActivation(activation);
    double factor = trial.controlled() ? 1 : ((Activation.Monomial) activation).degree();
    Solution solution =
        Starts.followed(GradientFlow.gradientFlow(network)
            .until(StopCondition.lossBelow(Starts.fitted(size.points())))
            .until(
                StopCondition.timeReached(trial.parameters().number("timeOverPoints") * size.points()))
            .tolerance(trial.parameters().number("tolerance"))
            .observe(
                Observer.largest("drift", state -> state.conservationDrift(factor)),
                Observer.largest("other", state -> state.conservationDrift(1))));
    return size.row(replicate)
        .and("activation", name)
        .and("drift", solution.last("drift"))
        .and("drift of a² − ‖w‖²", solution.last("other"))
        .and("time", solution.time())
        .and("loss", solution.loss())
        .and("ending", solution.ending().toString());
  }
}
