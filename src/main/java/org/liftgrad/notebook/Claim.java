package org.liftgrad.notebook;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import org.liftgrad.kernel.Argument;
import org.liftgrad.statistics.Numbers;
import org.liftgrad.theorem.Verdict;

/**
 * What a lecture says of figures that it has computed itself, with a rule that was said before they were: a verdict on
 * one example. The report lists it among the verdicts of checks, and {@code environment/reproduce} compares it with the
 * committed one. Statements of papers have checks, with plans, false-alarm rates and controls; this has none of these.
 *
 * <pre>{@code
 * claim("03/order", "The error of descent goes with its step")
 *     .that("the exponent of the error in the step", line.slope()).isBetween(0.8, 1.2)
 * }</pre>
 *
 * @param id the notebook's number and a word, such as {@code 03/order}
 * @param title what is claimed, in a sentence
 * @param quantity what was measured, in a phrase
 * @param measured the figure; NaN never holds
 * @param least the claim holds from here, may be −∞
 * @param most and up to here, may be ∞
 */
public record Claim(String id, String title, String quantity, double measured, double least, double most) {

  /** Refuses a rule that no figure, or every figure, would meet. */
  public Claim {
    Argument.require(!id.isBlank(), "id", "blank", "such as 03/order");
    Argument.require(
        least <= most && (Double.isFinite(least) || Double.isFinite(most)),
        "the rule", least + " to " + most, "a range with an end");
  }

  /** A claim whose figure and rule are still to be said. */
  public record Draft(String id, String title, String quantity, double measured) {

    /**
     * The figure.
     *
     * @param what in a phrase
     * @param value as measured
     */
    public Draft that(String what, double value) {
      return new Draft(id, title, what, value);
    }

    /** Holds from this figure on. */
    public Claim isAtLeast(double least) {
      return new Claim(id, title, quantity, measured, least, Double.POSITIVE_INFINITY);
    }

    /** Holds up to this figure. */
    public Claim isAtMost(double most) {
      return new Claim(id, title, quantity, measured, Double.NEGATIVE_INFINITY, most);
    }

    /** Holds between these figures, both included. */
    public Claim isBetween(double least, double most) {
      return new Claim(id, title, quantity, measured, least, most);
    }
  }

  /** Does the figure meet the rule? */
  public Verdict verdict() {
    return measured >= least && measured <= most ? Verdict.HOLDS : Verdict.FAILS;
  }

  /** When it holds, in words, after "holds if it is". */
  public String rule() {
    if (least == Double.NEGATIVE_INFINITY) {
      return "at most " + rounded(most);
    }
    return most == Double.POSITIVE_INFINITY
        ? "at least " + rounded(least)
        : "from " + rounded(least) + " to " + rounded(most);
  }

  Display display() {
    ResultDisplays.Facts facts =
        new ResultDisplays.Facts()
            .add("claim", id).add("verdict", verdict()).add("measured", rounded(measured) + " – " + quantity)
            .add("holds if", "it is " + rule());
    return Display.text(toString())
        .withHtml("<p><strong>" + Displays.prose(title) + "</strong></p>" + facts.html())
        .with(Display.VERDICT, json());
  }

  /** What the report reads; what JSON cannot say is null. */
  private String json() {
    ObjectNode record = new ObjectMapper().createObjectNode();
    record.put("id", id).put("title", title).put("verdict", verdict().toString()).put("quantity", quantity);
    if (Double.isFinite(measured)) {
      record.put("measured", new BigDecimal(Numbers.exact(measured)));
    } else {
      record.putNull("measured");
    }
    return record.put("predicted", rule()).toString();
  }

  private static String rounded(double value) {
    return Numbers.rounded(value, 4);
  }

  /** The claim, its verdict, its figure and its rule, in a few lines. */
  @Override
  public String toString() {
    return id + ": " + title + "\n  verdict    " + verdict() + "\n  measured   " + rounded(measured) + " – " + quantity
        + "\n  holds if   it is " + rule();
  }
}
