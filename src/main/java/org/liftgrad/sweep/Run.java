package org.liftgrad.sweep;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import org.liftgrad.kernel.Argument;
import org.liftgrad.kernel.RandomStream;

/**
 * One run of an experiment, as its {@link Experiment.Body} sees it: the values of its cell, its replicate, and its
 * own random streams.
 *
 * <p>A stream's address is made of the plan's seed, the experiment, all values of the cell, the replicate and a
 * purpose; not of what else the plan asks for. So a run's figures stay as they are when axis values or replicates are
 * added later, and do not depend on order or machine.
 */
public final class Run {

  private final Plan plan;
  private final List<Object> cell;
  private final int replicate;
  private final long[] address;

  Run(Plan plan, List<Object> cell, int replicate) {
    this.plan = plan;
    this.cell = cell;
    this.replicate = replicate;
    address = address(plan, cell, replicate);
  }

  private static long[] address(Plan plan, List<Object> cell, int replicate) {
    StringBuilder text = new StringBuilder();
    List<Parameter> parameters = plan.experiment().parameters();
    for (int k = 0; k < parameters.size(); k++) {
      Object value = cell.get(k);
      // The bits of a number: how it is printed is not the same on every JDK.
      Object exact = value instanceof Double number ? Double.doubleToLongBits(number) : value;
      text.append(parameters.get(k).name()).append('=').append(parameters.get(k).type()).append(':').append(exact).append('\n');
    }
    try {
      ByteBuffer digest =
          ByteBuffer.wrap(MessageDigest.getInstance("SHA-256").digest(text.toString().getBytes(StandardCharsets.UTF_8)));
      return new long[] {digest.getLong(), digest.getLong(), replicate};
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every JDK has SHA-256.", e);
    }
  }

  /** Which replicate of its cell this is, from 0. */
  public int replicate() {
    return replicate;
  }

  /** A parameter that is a whole number, as an {@code int}. */
  public int whole(String parameter) {
    long value = wholeLong(parameter);
    Argument.require(value == (int) value, parameter, value, "a whole number of 32 bits here");
    return (int) value;
  }

  /** A parameter that is a whole number. */
  public long wholeLong(String parameter) {
    return (Long) value(parameter, Type.WHOLE);
  }

  /** A parameter that is a number, whole or not. */
  public double number(String parameter) {
    boolean whole = plan.experiment().parameter(parameter).type() == Type.WHOLE;
    return ((Number) value(parameter, whole ? Type.WHOLE : Type.NUMBER)).doubleValue();
  }

  /** A parameter that is a text. */
  public String text(String parameter) {
    return (String) value(parameter, Type.TEXT);
  }

  /** A parameter that is a yes or a no. */
  public boolean yes(String parameter) {
    return (Boolean) value(parameter, Type.YES_OR_NO);
  }

  /** The random numbers of this run for one purpose, such as {@code "labels"}; two purposes are independent. */
  public RandomStream stream(String purpose) {
    return RandomStream.of(plan.seed(), purpose(purpose), address);
  }

  /** A seed of this run for one purpose, for builders that take one. */
  public long seed(String purpose) {
    return RandomStream.seedOf(plan.seed(), purpose(purpose), address);
  }

  /** Does the plan record this figure? What is costly and not recorded need not be computed. */
  public boolean records(String figure) {
    return plan.recorded().stream().anyMatch(each -> each.name().equals(figure));
  }

  private String purpose(String purpose) {
    return "sweep " + plan.experiment().name() + " " + purpose;
  }

  private Object value(String parameter, Type type) {
    Parameter known = plan.experiment().parameter(parameter);
    Argument.require(known.type() == type, "parameter “" + parameter + "”", known.type().words(), type.words() + " to be read as one");
    return cell.get(plan.experiment().parameters().indexOf(known));
  }

  /** As in {@code points = 20, neurons = 8, replicate 3}: the parameters with several values in the plan. */
  @Override
  public String toString() {
    return plan.cellText(cell) + "replicate " + replicate;
  }
}
