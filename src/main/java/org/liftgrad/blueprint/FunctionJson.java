package org.liftgrad.blueprint;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import org.liftgrad.blueprint.JsonText.Place;
import org.liftgrad.kernel.Argument;
import org.liftgrad.statistics.Numbers;

/**
 * The library's own message and activation functions as JSON: an object with the name of the function and what it is
 * made with. Spaces come from the graph, so they are not written.
 */
final class FunctionJson {

  private FunctionJson() {}

  // ---- messages

  /** Writes the fields of a message function of the library; false for another, of which nothing is written. */
  static boolean write(JsonGenerator json, MessageFunction message) throws IOException {
    if (message instanceof Linear) {
      json.writeStringField("function", "linear");
    } else if (message instanceof Free) {
      json.writeStringField("function", "free");
    } else if (message instanceof Mean) {
      json.writeStringField("function", "mean");
    } else if (message instanceof Bias bias) {
      json.writeStringField("function", "bias");
      sizes(json, "space", bias.output());
    } else if (message instanceof CountedPower counted) {
      json.writeStringField("function", "counted power");
      json.writeNumberField("power", counted.power());
    } else if (message instanceof Convolution convolution) {
      json.writeStringField("function", "convolution");
      sizes(json, "kernel", convolution.windows().window());
      json.writeNumberField("stride", convolution.windows().stride());
      json.writeNumberField("padding", convolution.windows().padding());
    } else if (message instanceof Pooling pooling) {
      json.writeStringField("function", "pooling");
      json.writeStringField("kind", pooling.kind() == Pooling.Kind.MEAN ? "mean" : "largest");
      sizes(json, "window", pooling.windows().window());
      json.writeNumberField("stride", pooling.windows().stride());
    } else {
      return false;
    }
    return true;
  }

  static MessageRule message(Place place) {
    String function = place.field("function").text();
    switch (function) {
      case "linear" -> {
        place.only("function");
        return MessageRule.linear();
      }
      case "free" -> {
        place.only("function");
        return MessageRule.free();
      }
      case "mean" -> {
        place.only("function");
        return MessageRule.mean();
      }
      case "bias" -> {
        place.only("function", "space");
        return MessageRule.bias(space(place.field("space")));
      }
      case "counted power" -> {
        place.only("function", "power");
        return MessageRule.countedPower(place.field("power").whole());
      }
      case "convolution" -> {
        place.only("function", "kernel", "stride", "padding");
        return MessageRule.convolution(
            space(place.field("kernel")), place.field("stride").whole(), place.field("padding").whole());
      }
      case "pooling" -> {
        place.only("function", "kind", "window", "stride");
        String kind = place.field("kind").text();
        Argument.require(
            kind.equals("mean") || kind.equals("largest"), place.name() + ".kind", kind, "mean or largest");
        Pooling.Kind which = kind.equals("mean") ? Pooling.Kind.MEAN : Pooling.Kind.LARGEST;
        Space window = space(place.field("window"));
        int stride = place.field("stride").whole();
        return source -> new Pooling(which, new Windows(source, window, stride, 0));
      }
      default -> throw unknown(place, function);
    }
  }

  // ---- activation functions

  /** Writes the fields of an activation function of the library; false for another, of which nothing is written. */
  static boolean write(JsonGenerator json, ActivationFunction activation) throws IOException {
    if (activation instanceof PointwiseSum sum) {
      json.writeStringField("function", "pointwise");
      scalar(json, sum.function());
    } else if (activation instanceof Gate gate) {
      json.writeStringField("function", "gate");
      scalar(json, gate.function());
    } else if (activation instanceof Difference) {
      json.writeStringField("function", "difference");
    } else if (activation instanceof Quotient) {
      json.writeStringField("function", "quotient");
    } else if (activation instanceof Average) {
      json.writeStringField("function", "average");
    } else if (activation instanceof Mix) {
      json.writeStringField("function", "mix");
    } else if (activation instanceof RootMeanSquare root) {
      json.writeStringField("function", "root mean square");
      number(json, "epsilon", root.epsilon());
    } else if (activation instanceof OuterProduct product) {
      json.writeStringField("function", "outer product");
      number(json, "scale", product.scale());
    } else if (activation instanceof RowSoftmax softmax) {
      json.writeStringField("function", "row softmax");
      json.writeArrayFieldStart("mask");
      for (String row : softmax.mask().toString().split(" ")) {
        json.writeString(row);
      }
      json.writeEndArray();
    } else {
      return false;
    }
    return true;
  }

  static ActivationRule activation(Place place) {
    String function = place.field("function").text();
    switch (function) {
      case "pointwise" -> {
        place.only("function", "of");
        return ActivationRule.pointwise(scalar(place.field("of")));
      }
      case "gate" -> {
        place.only("function", "of");
        return ActivationRule.gate(scalar(place.field("of")));
      }
      case "difference" -> {
        place.only("function");
        return ActivationRule.difference();
      }
      case "quotient" -> {
        place.only("function");
        return ActivationRule.quotient();
      }
      case "average" -> {
        place.only("function");
        return ActivationRule.average();
      }
      case "mix" -> {
        place.only("function");
        return ActivationRule.mix();
      }
      case "root mean square" -> {
        place.only("function", "epsilon");
        return ActivationRule.rootMeanSquare(place.field("epsilon").number());
      }
      case "outer product" -> {
        place.only("function", "scale");
        return ActivationRule.outerProduct(place.field("scale").number());
      }
      case "row softmax" -> {
        place.only("function", "mask");
        return ActivationRule.rowSoftmax(mask(place.field("mask")));
      }
      default -> throw unknown(place, function);
    }
  }

  private static Mask mask(Place place) {
    String[] rows = place.items().stream().map(Place::text).toArray(String[]::new);
    boolean[][] allowed = new boolean[rows.length][];
    for (int i = 0; i < rows.length; i++) {
      Argument.require(rows[i].matches("[01]+"), place.name() + "[" + i + "]", rows[i], "a row of 0 and 1");
      allowed[i] = new boolean[rows[i].length()];
      for (int j = 0; j < allowed[i].length; j++) {
        allowed[i][j] = rows[i].charAt(j) == '1';
      }
    }
    return Mask.of(allowed);
  }

  // ---- functions of a number

  private static void scalar(JsonGenerator json, Activation function) throws IOException {
    json.writeObjectFieldStart("of");
    if (function instanceof Activation.LeakyRelu leaky) {
      json.writeStringField("name", "leaky relu");
      number(json, "slope", leaky.negativeSlope());
    } else if (function instanceof Activation.Monomial monomial) {
      json.writeStringField("name", monomial.positivePart() ? "positive power" : "power");
      json.writeNumberField("degree", monomial.degree());
    } else {
      json.writeStringField("name", function.name());
    }
    json.writeEndObject();
  }

  private static Activation scalar(Place place) {
    String name = place.field("name").text();
    switch (name) {
      case "leaky relu" -> {
        place.only("name", "slope");
        return new Activation.LeakyRelu(place.field("slope").number());
      }
      case "power", "positive power" -> {
        place.only("name", "degree");
        int degree = place.field("degree").whole();
        return name.equals("power") ? Activation.monomial(degree) : Activation.positiveMonomial(degree);
      }
      default -> {
        place.only("name");
        return switch (name) {
          case "identity" -> Activation.identity();
          case "relu" -> Activation.relu();
          case "tanh" -> Activation.tanh();
          case "softplus" -> Activation.softplus();
          case "gelu" -> Activation.gelu();
          default -> throw unknown(place, name);
        };
      }
    }
  }

  private static IllegalArgumentException unknown(Place place, String function) {
    String shown = function.length() > 60 ? function.substring(0, 60) + "…" : function;
    return Argument.refused(place.name(), "\"" + shown + "\"", "a function that the format knows");
  }

  // ---- spaces and numbers

  static void sizes(JsonGenerator json, String field, Space space) throws IOException {
    json.writeFieldName(field);
    json.writeArray(space.sizes(), 0, space.rank());
  }

  static Space space(Place place) {
    try {
      return Space.of(place.wholes());
    } catch (IllegalArgumentException refusal) {
      throw new IllegalArgumentException("In " + place.name() + ": " + refusal.getMessage(), refusal);
    }
  }

  private static void number(JsonGenerator json, String field, double value) throws IOException {
    json.writeFieldName(field);
    json.writeNumber(Numbers.exact(value));
  }
}
