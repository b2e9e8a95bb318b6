package org.liftgrad.notebook;

import static org.liftgrad.notebook.Displays.escape;
import static org.liftgrad.notebook.Displays.prose;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.liftgrad.blueprint.Blueprint;
import org.liftgrad.blueprint.Vertex;
import org.liftgrad.data.Bounds;
import org.liftgrad.data.Dataset;
import org.liftgrad.data.Inputs;
import org.liftgrad.data.WeakInteraction;
import org.liftgrad.flow.LiftRun;
import org.liftgrad.flow.Solution;
import org.liftgrad.lift.Coverage;
import org.liftgrad.lift.Lift;
import org.liftgrad.lift.LiftedNetwork;
import org.liftgrad.plot.Diagram;
import org.liftgrad.plot.Figure;
import org.liftgrad.plot.Plot;
import org.liftgrad.shallow.CurvatureBounds;
import org.liftgrad.shallow.GroupFlow;
import org.liftgrad.shallow.ShallowNetwork;
import org.liftgrad.statistics.Numbers;
import org.liftgrad.statistics.Tabular;
import org.liftgrad.theorem.Assurance;
import org.liftgrad.theorem.Check;
import org.liftgrad.theorem.CheckResult;
import org.liftgrad.theorem.CommittedResult;
import org.liftgrad.theorem.Scale;
import org.liftgrad.theorem.Statement;
import org.liftgrad.theorem.StatementResult;

/** How data sets, networks, blueprints, lifts, runs and figures look. */
final class ResultDisplays {

  /** A heat map of more points than this shows nothing that its norms do not. */
  private static final int MOST_DRAWN_POINTS = 60;

  private static final int MOST_FACTS = 40;

  private ResultDisplays() {}

  /** A figure is a picture, and its description where pictures are not shown. */
  static Display figure(Figure figure) {
    byte[] png = figure.png();
    Display display = Display.text(figure.toString());
    // A picture of very many pixels is lighter as lines.
    return 4L * png.length / 3 > Display.MOST_BYTES * 2L / 3 ? display.withHtml(picture(figure)) : display.withPng(png, figure.width());
  }

  /**
   * A picture as an element of its own: what cleans foreign HTML, as code hosts and a JupyterLab without trust do, drops an
   * inline {@code <svg>} and keeps this.
   */
  static String picture(Figure figure) {
    return picture(figure.svg(), figure.width(), figure.toString());
  }

  static String picture(Diagram diagram) {
    return picture(diagram.svg(), diagram.width(), diagram.toString());
  }

  private static String picture(String svg, int width, String description) {
    return "<img alt=\"" + escape(description) + "\" width=\"" + width + "\" style=\"max-width:100%;height:auto\""
        + " src=\"data:image/svg+xml;base64," + Base64.getEncoder().encodeToString(svg.getBytes(StandardCharsets.UTF_8)) + "\">";
  }

  static Display dataset(Dataset data) {
    Bounds norms = data.normBounds();
    Bounds labels = data.labelBounds();
    Facts facts = new Facts()
        .add("points n", data.points())
        .add("dimension d", data.dimension())
        .add("norms ‖x_i‖", range(norms))
        .add("labels |y_i|", range(labels))
        .add("‖off-diagonal Gram‖", rounded(data.offDiagonalNorm()))
        .add("smallest eigenvalue", rounded(data.smallestEigenvalue()))
        .add("inputs", inputs(data.inputs()));
    Display display = Display.text(data + "\n" + facts.text());
    if (data.points() > MOST_DRAWN_POINTS) {
      return display.withHtml(facts.html());
    }
    Figure gram = Plot.heatMap(data.gram()).title("Gram matrix").size(360, 280);
    return display.withHtml(besides(facts.html(), gram));
  }

  private static String inputs(Inputs inputs) {
    if (inputs instanceof Inputs.Stored) {
      return "stored";
    }
    return inputs instanceof Inputs.Streamed ? "streamed in blocks of columns" : "not drawn: exact in law";
  }

  static Display network(ShallowNetwork network) {
    Facts facts = new Facts()
        .add("neurons p", network.neurons())
        .add("activation", network.activation().name())
        .add("on", network.data())
        .add("loss", rounded(network.loss()))
        .add("well initialised", network.wellInitialised() ? "yes" : "no")
        .add("Assumption 1, |a_j| ≥ ‖w_j‖", network.satisfiesAssumption1() ? "yes" : "no");
    return Display.text(network + "\n" + facts.text()).withHtml(facts.html());
  }

  static Display diagram(Diagram diagram) {
    return Display.text(diagram.toString()).withHtml(picture(diagram));
  }

  static Display blueprint(Blueprint blueprint) {
    Facts facts = new Facts()
        .add("blueprint", blueprint.name())
        .add("vertices, edges", blueprint.vertices().size() + ", " + blueprint.edges().size())
        .add("inputs I", names(blueprint.inputs()))
        .add("outputs T", names(blueprint.outputs()))
        .add("groups of parameters", blueprint.groups())
        .add("parameters", blueprint.parameters().dimension())
        .add("linear readout", blueprint.hasLinearReadout() ? "yes" : "no");
    return drawn(facts, Plot.diagram(blueprint));
  }

  static Display lift(Lift lift) {
    return drawn(facts(lift), Plot.diagram(lift));
  }

  static Display liftedNetwork(LiftedNetwork network) {
    Facts facts = facts(network.lift());
    // Of a blueprint with many edges there are as many laws, which nobody reads in a table.
    if (network.provenance().facts().size() <= MOST_FACTS) {
      network.provenance().facts().forEach(facts::add);
    }
    return drawn(facts, Plot.diagram(network));
  }

  private static Facts facts(Lift lift) {
    return new Facts()
        .add("lift of", lift.blueprint().name())
        .add("lifted vertices, edges", lift.vertexCount() + ", " + lift.edgeCount())
        .add("parameters", lift.parameters())
        .add("a sample", "R^" + lift.inputDimension() + " → R^" + lift.outputDimension());
  }

  private static Display drawn(Facts facts, Diagram picture) {
    return Display.text(picture + "\n" + facts.text()).withHtml(facts.html() + picture(picture));
  }

  /** A few names; of many, how many there are. */
  private static String names(List<Vertex> vertices) {
    return vertices.size() > 6
        ? vertices.size() + " vertices"
        : vertices.stream().map(Vertex::toString).collect(Collectors.joining(", "));
  }

  static Display weakInteraction(WeakInteraction interaction) {
    Facts facts = new Facts()
        .add("‖off-diagonal Gram‖", rounded(interaction.offDiagonalNorm()))
        .add("allowed κ (C_x⁻)²/√n", rounded(interaction.allowed()))
        .add("Assumption 2 at κ = " + rounded(interaction.kappa()), interaction.holds() ? "holds" : "does not hold")
        .add("smallest κ at which it holds", rounded(interaction.smallestKappa()));
    return Display.text(facts.text()).withHtml(facts.html());
  }

  /** What ran, how it ended, and a small picture of what was observed first. */
  static Display solution(Solution run) {
    Facts facts = new Facts()
        .add("method", run.method().name())
        .add("ended", run.ending().toString().toLowerCase(Locale.ROOT).replace('_', ' '))
        .add("time", rounded(run.time()))
        .add("loss", rounded(run.loss()))
        .add("curvature", rounded(run.curvature()))
        .add("sliding pairs", run.slidingPairs())
        .add("steps, events", run.statistics().steps() + ", " + run.statistics().events())
        .add("conservation drift", rounded(run.conservationDrift()));
    run.errorEstimate().ifPresent(estimate -> facts.add("estimated error", Numbers.rounded(estimate.relative(), 2) + " of the state"));
    String caption = run.warning().map(sentence -> "<p>" + escape(sentence) + "</p>").orElse("");
    Display display = Display.text(run.toString());
    if (run.columns().size() < 2 || run.column("time").length < 2) {
      return display.withHtml(facts.html() + caption);
    }
    String observed = run.columns().get(1);
    Figure picture = Plot.plot(run).x("time").y(observed).size(380, 230);
    boolean decades = observed.equals("loss") || observed.equals("curvature");
    return display.withHtml(besides(facts.html(), decades ? picture.logY() : picture) + caption);
  }

  /** The verdict, the figures behind it, its picture, and the verdict as the report reads it. */
  static Display check(CheckResult result) {
    Facts facts = new Facts()
        .add("check", result.id() + (result.controlled() ? ", with its control in place" : ""))
        .add("verdict", result.verdict())
        .add("scale, seed", result.scale() + ", " + result.seed())
        .add("quantity", result.quantity())
        .add("measured", rounded(result.measured()) + result.interval().map(each -> ", " + each).orElse(""));
    result.predicted().ifPresent(predicted -> facts.add("predicted", rounded(predicted)));
    if (!result.check().rule().isEmpty()) {
      facts.add("holds if", result.check().rule());
    }
    facts.add("false-alarm rate", rounded(result.falseAlarm()))
        .add("power", rounded(result.power()) + " against: " + result.check().control())
        .add("plan", result.parameters())
        .add("runs", result.rows().size());
    String html =
        "<p><strong>" + prose(result.check().title()) + "</strong><br>" + prose(result.check().question())
            + "</p>" + facts.html() + "<p>" + prose(result.explanation()) + "</p>"
            + result.figure().map(figure -> picture(figure.size(520, 300))).orElse("");
    Display display = Display.text(result.toString()).withHtml(html);
    // A run with the control in place says nothing of the statement: the report must not read it.
    return result.controlled() ? display : display.with(Display.VERDICT, result.summaryJson());
  }

  /** What is asked, when it holds, and what each scale can tell. */
  static Display plannedCheck(Check check) {
    Facts facts = new Facts()
        .add("check", check.id())
        .add("of", String.join(", ", check.statements()))
        .add("asks", check.question())
        .add("holds if", check.rule().isEmpty() ? "it has no rule: it reports" : check.rule())
        .add("control", check.control());
    for (Scale scale : check.scales()) {
      Assurance beforehand = check.assurance(scale);
      facts.add(
          scale.toString(),
          check.plan(scale) + " (false-alarm rate " + Numbers.rounded(beforehand.falseAlarm(), 2) + ", power "
              + Numbers.rounded(beforehand.power(), 3) + ")");
    }
    return Display.text(check.toString()).withHtml("<p><strong>" + prose(check.title()) + "</strong></p>" + facts.html());
  }

  /** Copies of each hidden vertex of the witness. */
  static Display coverage(Coverage coverage) {
    return table(coverage, coverage.toString());
  }

  /** A sentence, and the table behind it. */
  static Display table(Tabular tabular, String sentence) {
    return Display.text(sentence).withHtml(TableDisplay.of(tabular.table()).html().orElseThrow());
  }

  /** How a training went, and its loss over time. */
  static Display liftRun(LiftRun run) {
    LiftRun.Step last = run.last();
    Facts facts = new Facts()
        .add("method", run.method())
        .add("ended", run.ending().toString().toLowerCase(Locale.ROOT).replace('_', ' '))
        .add("time", rounded(last.time()))
        .add("loss", rounded(run.path().get(0).loss()) + " → " + rounded(last.loss()))
        .add("gradient norm", rounded(last.gradientNorm()))
        .add("displacement ‖θ − θ(0)‖", rounded(last.displacement()))
        .add("steps, evaluations", run.path().size() - 1 + ", " + run.evaluations());
    String advice = run.ending().asAsked() ? "" : "<p>" + prose(run.ending().advice()) + "</p>";
    Display display = Display.text(run.toString());
    return run.path().size() < 2
        ? display.withHtml(facts.html() + advice)
        : display.withHtml(besides(facts.html(), Plot.plot(run).x("time").y("loss").logY().size(380, 230)) + advice);
  }

  static Display curvatureBounds(CurvatureBounds bounds) {
    Facts facts = new Facts()
        .add("points n", bounds.points())
        .add("norms ‖x_i‖", range(bounds.norms()))
        .add("labels |y_i|", range(bounds.labels()))
        .add("eigenvalues of the Gram matrix", rounded(bounds.smallestEigenvalue()) + " to " + rounded(bounds.largestEigenvalue()))
        .add("C of Theorem 1", rounded(bounds.constant()));
    return Display.text(bounds.toString()).withHtml(facts.html());
  }

  /** The loss of groups in closed form, as a picture over the time in units of √n log n. */
  static Display groupFlow(GroupFlow flow) {
    double end = 1.5 * IntStream.range(0, flow.groups()).mapToDouble(flow::limitTime).max().orElseThrow();
    double[] times = IntStream.rangeClosed(0, 200).mapToDouble(k -> end * k / 200).toArray();
    Figure figure =
        Plot.plot(times, Arrays.stream(times).map(flow::loss).toArray()).named("loss").size(380, 230)
            .xLabel("t / (√n log n)").yLabel("loss").event("limits", IntStream.range(0, flow.groups()).mapToDouble(flow::limitTime).toArray());
    return Display.text(flow.toString()).withHtml("<p>" + prose(flow.toString()) + "</p>" + picture(figure));
  }

  /** Rows of hours: the verdict on them, and how many cells are in. The report reads fresh verdicts only. */
  static Display committed(CommittedResult committed) {
    String cells = "<p>" + prose(committed.cells()) + "</p>";
    return Display.text(committed.toString())
        .withHtml(committed.result().map(result -> check(result).html().orElse("")).orElse("<p>" + prose(committed.check().title()) + "</p>") + cells);
  }

  /** As Markdown, where a notebook and the report set the formula. */
  static Display statement(Statement statement) {
    String checks = statement.checkIds().isEmpty() ? "none yet" : String.join(", ", statement.checkIds());
    String markdown =
        "**" + prose(statement.title()) + "** (" + escape(statement.kind() + ", " + statement.certainty()) + ")\n\n"
            + prose(statement.wording()) + "\n\n$$" + statement.formula() + "$$\n\n`" + statement.id()
            + "`, from " + escape(statement.paper().citation()) + ". Checks: " + escape(checks) + ".";
    return Display.text(statement.toString()).with("text/markdown", markdown);
  }

  static Display statementResult(StatementResult result) {
    String html =
        "<p><strong>" + prose(result.statement().title()) + "</strong><br>" + prose(result.statement().wording())
            + "</p>" + result.results().stream().map(each -> check(each).html().orElse("")).collect(Collectors.joining());
    String verdicts = result.results().stream().map(CheckResult::summaryJson).collect(Collectors.joining(",", "[", "]"));
    return Display.text(result.toString()).withHtml(html).with(Display.VERDICT, verdicts);
  }

  static String besides(String left, Figure right) {
    return "<div style=\"display:flex;flex-wrap:wrap;gap:1em;align-items:center\"><div>" + left
        + "</div><div>" + picture(right) + "</div></div>";
  }

  private static String range(Bounds bounds) {
    return rounded(bounds.least()) + " to " + rounded(bounds.most());
  }

  static String rounded(double value) {
    return Numbers.rounded(value, 4);
  }

  /** Names and values in two columns. */
  static final class Facts {
    private final List<String[]> lines = new ArrayList<>();

    Facts add(String name, Object value) {
      lines.add(new String[] {name, String.valueOf(value)});
      return this;
    }

    String text() {
      int width = lines.stream().mapToInt(line -> line[0].length()).max().orElse(0);
      StringBuilder text = new StringBuilder();
      for (String[] line : lines) {
        text.append(text.isEmpty() ? "" : "\n").append(line[0]).append(" ".repeat(width - line[0].length() + 2))
            .append(line[1]);
      }
      return text.toString();
    }

    String html() {
      StringBuilder html = new StringBuilder("<table>");
      for (String[] line : lines) {
        html.append("<tr><th style=\"text-align:left\">").append(prose(line[0]))
            .append("</th><td style=\"text-align:left\">").append(prose(line[1])).append("</td></tr>");
      }
      return html.append("</table>").toString();
    }
  }
}
