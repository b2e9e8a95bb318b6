package org.liftgrad.theorem;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.liftgrad.statistics.Interval;
import org.liftgrad.statistics.Numbers;

/**
 * Results and the catalogue as JSON, in a fixed order and with numbers that read the same on every
 * JDK. What is not finite, which JSON cannot say, is null.
 */
final class Json {

  private Json() {}

  private interface Body {
    void write(JsonGenerator json) throws IOException;
  }

  static String of(CheckResult result) {
    return text(json -> write(json, result));
  }

  /** Without the rows: what a page about the run needs. */
  static String summary(CheckResult result) {
    return text(
        json -> {
          json.writeStartObject();
          fields(json, result);
          json.writeEndObject();
        });
  }

  static String of(Collection<CheckResult> results) {
    return text(
        json -> {
          json.writeStartArray();
          for (CheckResult result : results) {
            write(json, result);
          }
          json.writeEndArray();
        });
  }

  static String list(List<Check> checks, Catalogue catalogue) {
    return text(
        json -> {
          json.writeStartArray();
          for (Check check : checks) {
            json.writeStartObject();
            json.writeStringField("id", check.id());
            json.writeStringField("statement", check.statements().get(0));
            json.writeStringField("paper", catalogue.statement(check.statements().get(0)).paper().prefix());
            json.writeStringField("title", check.title());
            json.writeArrayFieldStart("scales");
            for (Scale scale : check.scales()) {
              json.writeString(scale.toString());
            }
            json.writeEndArray();
            recorded(json, check);
            json.writeEndObject();
          }
          json.writeEndArray();
        });
  }

  static String statements(List<Statement> statements, Catalogue catalogue) {
    return text(
        json -> {
          json.writeStartArray();
          for (Statement statement : statements) {
            json.writeStartObject();
            json.writeStringField("id", statement.id());
            json.writeStringField("paper", statement.paper().citation());
            json.writeStringField("kind", statement.kind().toString());
            json.writeStringField("title", statement.title());
            json.writeStringField("wording", statement.wording());
            json.writeStringField("formula", statement.formula());
            json.writeStringField("certainty", statement.certainty().toString());
            json.writeArrayFieldStart("checks");
            for (String id : statement.checkIds()) {
              write(json, catalogue.check(id));
            }
            json.writeEndArray();
            json.writeEndObject();
          }
          json.writeEndArray();
        });
  }

  private static void recorded(JsonGenerator json, Check check) throws IOException {
    json.writeObjectFieldStart("recorded");
    for (Scale scale : check.scales()) {
      if (check.recorded(scale).isPresent()) {
        json.writeStringField(scale.toString(), check.recorded(scale).get().toString());
      }
    }
    json.writeEndObject();
  }

  private static void write(JsonGenerator json, Check check) throws IOException {
    json.writeStartObject();
    json.writeStringField("id", check.id());
    json.writeStringField("title", check.title());
    json.writeStringField("question", check.question());
    json.writeStringField("rule", check.rule());
    json.writeStringField("control", check.control().toString());
    recorded(json, check);
    json.writeArrayFieldStart("committed");
    for (Scale scale : check.scales()) {
      Optional<CommittedResult> committed = check.committed(scale);
      if (committed.isPresent()) {
        json.writeStartObject();
        json.writeStringField("scale", scale.toString());
        json.writeNumberField("finished", committed.get().finished());
        json.writeNumberField("planned", committed.get().planned());
        if (committed.get().result().isPresent()) {
          json.writeObjectFieldStart("result");
          fields(json, committed.get().result().get());
          json.writeEndObject();
        } else {
          json.writeNullField("result");
        }
        json.writeEndObject();
      }
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private static void write(JsonGenerator json, CheckResult result) throws IOException {
    json.writeStartObject();
    fields(json, result);
    json.writeArrayFieldStart("rows");
    for (Row row : result.rows()) {
      row.write(json);
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private static void fields(JsonGenerator json, CheckResult result) throws IOException {
    json.writeStringField("id", result.id());
    json.writeStringField("title", result.check().title());
    json.writeStringField("statement", result.check().statements().get(0));
    json.writeStringField("scale", result.scale().toString());
    json.writeNumberField("seed", result.seed());
    json.writeObjectFieldStart("parameters");
    for (Parameter parameter : result.parameters().all()) {
      json.writeFieldName(parameter.name());
      write(json, parameter);
    }
    json.writeEndObject();
    json.writeStringField("verdict", result.verdict().toString());
    json.writeStringField("quantity", result.quantity());
    number(json, "measured", result.measured());
    number(json, "predicted", result.predicted().orElse(Double.NaN));
    if (result.interval().isPresent()) {
      Interval interval = result.interval().get();
      json.writeObjectFieldStart("interval");
      number(json, "lower", interval.lower());
      number(json, "upper", interval.upper());
      number(json, "level", interval.level());
      json.writeEndObject();
    } else {
      json.writeNullField("interval");
    }
    number(json, "falseAlarm", result.falseAlarm());
    number(json, "power", result.power());
    json.writeStringField("control", result.check().control().toString());
    json.writeBooleanField("controlled", result.controlled());
    json.writeStringField("explanation", result.explanation());
    json.writeArrayFieldStart("outside");
    for (String assumption : result.outsideTheAssumptions()) {
      json.writeString(assumption);
    }
    json.writeEndArray();
  }

  private static void write(JsonGenerator json, Parameter parameter) throws IOException {
    if (parameter instanceof Parameter.Numeric numeric) {
      if (numeric.list()) {
        json.writeStartArray();
      }
      for (double value : numeric.values()) {
        number(json, value);
      }
      if (numeric.list()) {
        json.writeEndArray();
      }
    } else if (parameter instanceof Parameter.Choice choice) {
      if (choice.list()) {
        json.writeStartArray();
      }
      for (String value : choice.values()) {
        json.writeString(value);
      }
      if (choice.list()) {
        json.writeEndArray();
      }
    } else {
      json.writeString(parameter.text());
    }
  }

  private static void number(JsonGenerator json, String name, double value) throws IOException {
    json.writeFieldName(name);
    number(json, value);
  }

  static void number(JsonGenerator json, double value) throws IOException {
    if (Double.isFinite(value)) {
      json.writeNumber(Numbers.exact(value));
    } else {
      json.writeNull();
    }
  }

  private static String text(Body body) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
      // One line feed on every system: the same bytes everywhere.
      DefaultIndenter indenter = new DefaultIndenter("  ", "\n");
      DefaultPrettyPrinter printer = new DefaultPrettyPrinter();
      printer.indentObjectsWith(indenter);
      printer.indentArraysWith(indenter);
      json.setPrettyPrinter(printer);
      body.write(json);
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return text.toString();
  }
}
