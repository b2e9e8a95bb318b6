package org.liftgrad.sweep;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.liftgrad.kernel.Argument;

/**
 * What a sweep runs again and again: typed parameters in, typed figures out. {@link Experiments} holds those that
 * come with the library; your own is one expression, with a Java record for its figures:
 *
 * <pre>{@code
 * record Tossed(int heads, boolean more) {}
 *
 * var coin = Experiment.named("coin")
 *     .whole("tosses", 1, 1000).number("bias", 0, 1).otherwise(0.5)
 *     .runs(Tossed.class, run -> {
 *       RandomStream stream = run.stream("tosses");
 *       int heads = 0;
 *       for (int k = 0; k < run.whole("tosses"); k++) {
 *         heads += stream.nextUniform() < run.number("bias") ? 1 : 0;
 *       }
 *       return new Tossed(heads, 2 * heads > run.whole("tosses"));
 *     });
 * }</pre>
 *
 * <p>A run must take everything random from {@link Run#stream} or {@link Run#seed}, and must not depend on other runs
 * or on the time: it may be computed on any machine, in any order, and again.
 *
 * @param name such as {@code shallow-flow}; part of the address of all random numbers
 * @param version to be raised when the same parameters give other figures; a ledger never mixes two
 * @param title a few words
 * @param parameters what a run is told
 * @param figures what it measures
 * @param body the run itself
 */
public record Experiment(
    String name, int version, String title, List<Parameter> parameters, List<Column> figures, Body body) {

  /** From the parameters and random streams of one run to its figures. Called from several threads at once. */
  @FunctionalInterface
  public interface Body {
    /**
     * Runs it.
     *
     * @return a row that has all the figures
     * @throws Exception which is kept in the ledger as the reason why the run failed
     */
    Row of(Run run) throws Exception;
  }

  /** A body that hands its figures over in a record. */
  @FunctionalInterface
  public interface RecordBody<R extends Record> {
    /**
     * Runs it.
     *
     * @throws Exception which is kept in the ledger as the reason why the run failed
     */
    R of(Run run) throws Exception;
  }

  /** Copies the lists; refuses an experiment without figures, or two columns of one name. */
  public Experiment {
    Argument.require(
        name.matches("[\\p{Alnum}][\\p{Alnum}._/-]{0,79}"), "the name of an experiment", "“" + name + "”",
        "1 to 80 letters, digits, dots, dashes or slashes");
    Argument.positive("version", version);
    parameters = List.copyOf(parameters);
    figures = List.copyOf(figures);
    Argument.require(!figures.isEmpty(), "the number of figures of " + name, 0, "at least 1");
    Column.requireDistinct(
        Stream.concat(parameters.stream().map(Parameter::name), figures.stream().map(Column::name)).toList());
  }

  /** Starts an experiment; {@link Draft#runs} ends it. */
  public static Draft named(String name) {
    return new Draft(name, 1, "", List.of());
  }

  Parameter parameter(String parameterName) {
    return parameters.stream().filter(each -> each.name().equals(parameterName)).findFirst()
        .orElseThrow(
            () -> Argument.refused(
                "axis", "“" + parameterName + "”",
                "one of " + String.join(", ", parameters.stream().map(Parameter::name).toList()) + " of the experiment "
                    + name));
  }

  Column figure(String figureName) {
    return figures.stream().filter(each -> each.name().equals(figureName)).findFirst()
        .orElseThrow(
            () -> Argument.refused(
                "figure", "“" + figureName + "”",
                "one of " + String.join(", ", figures.stream().map(Column::name).toList()) + " of the experiment " + name));
  }

  /** Name, parameters with what they may be, and figures. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(name + (title.isEmpty() ? "" : ": " + title));
    for (Parameter parameter : parameters) {
      text.append("\n  ").append(parameter.name()).append(": ").append(parameter.meaning())
          .append(parameter.meaning().isEmpty() ? "" : "; ").append(parameter.allowed())
          .append(parameter.otherwise().map(value -> ", " + value + " unless said").orElse(""));
    }
    return text.append("\n  gives ").append(
        String.join(", ", figures.stream().map(figure -> figure.name() + " (" + figure.type().words() + ")").toList())).toString();
  }

  /** An experiment half said. Immutable. */
  public record Draft(String name, int version, String title, List<Parameter> parameters) {

    /** Copies the list. */
    public Draft {
      parameters = List.copyOf(parameters);
    }

    /** The version; 1 unless said. To be raised when the same parameters give other figures. */
    public Draft version(int number) {
      return new Draft(name, number, title, parameters);
    }

    /** What it is, in a few words. */
    public Draft title(String words) {
      return new Draft(name, version, words, parameters);
    }

    /** A parameter: a whole number. */
    public Draft whole(String parameter) {
      return with(Parameter.of(Column.whole(parameter), Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY, List.of()));
    }

    /** A parameter: a whole number of a range. */
    public Draft whole(String parameter, long least, long most) {
      return with(Parameter.of(Column.whole(parameter), least, most, List.of()));
    }

    /** A parameter: a finite number. */
    public Draft number(String parameter) {
      return with(Parameter.of(Column.number(parameter), Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY, List.of()));
    }

    /** A parameter: a finite number of a range. */
    public Draft number(String parameter, double least, double most) {
      return with(Parameter.of(Column.number(parameter), least, most, List.of()));
    }

    /** A parameter: a text, any or one of some. */
    public Draft text(String parameter, String... allowed) {
      return with(
          Parameter.of(
              Column.text(parameter), Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY, List.of(allowed)));
    }

    /** A parameter: a yes or a no. */
    public Draft yesOrNo(String parameter) {
      return with(Parameter.of(Column.yesOrNo(parameter), Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY, List.of()));
    }

    /** What the parameter said last means, in a phrase. */
    public Draft meaning(String phrase) {
      return withLast(last().meaning(phrase));
    }

    /** The value of the parameter said last, unless a plan says another. */
    public Draft otherwise(Object value) {
      return withLast(last().otherwise(value));
    }

    /** The figures, and the run that gives a row of them; this ends the draft. */
    public Experiment runs(List<Column> figures, Body body) {
      return new Experiment(name, version, title, parameters, figures, body);
    }

    /** The run, whose figures are the components of a record; this ends the draft. */
    public <R extends Record> Experiment runs(Class<R> figures, RecordBody<R> body) {
      return runs(Row.columns(figures), run -> Row.of(body.of(run)));
    }

    private Parameter last() {
      Argument.require(!parameters.isEmpty(), "a parameter", "not said", "said first");
      return parameters.get(parameters.size() - 1);
    }

    private Draft with(Parameter parameter) {
      List<Parameter> more = new ArrayList<>(parameters);
      more.add(parameter);
      return new Draft(name, version, title, more);
    }

    private Draft withLast(Parameter parameter) {
      List<Parameter> changed = new ArrayList<>(parameters);
      changed.set(changed.size() - 1, parameter);
      return new Draft(name, version, title, changed);
    }
  }
}
