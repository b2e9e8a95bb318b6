package org.liftgrad.sweep;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.liftgrad.kernel.Version;
import org.liftgrad.kernel.Workers;

/**
 * Runs that are computed in another JVM: a text and numbers go there, bytes come back. Both are of a form of our own,
 * so that nothing but figures and reasons can be in them.
 */
public final class Batch {

  private static final String SAME = Version.current();

  /** The plan of the batch before: there are many batches a plan, and reading it takes longer than a quick run. */
  private static volatile Known known;

  private record Known(String text, Plan plan) {}

  private Batch() {}

  /** The text of a plan whose experiment is found under this name where the batch is computed. */
  static String text(Plan plan, String experiment) {
    return PlanText.of(plan, experiment);
  }

  /**
   * Computes runs, each on the core of the calling thread alone: whoever hands out batches has one for each core.
   *
   * @param plan the text of the plan
   * @param runs their numbers
   * @return for {@link Executor.Work#finished}
   */
  public static byte[] compute(String plan, long[] runs) {
    Known before = known;
    Plan ours = before != null && before.text.equals(plan) ? before.plan : PlanText.parse(plan, (name, version) -> Experiments.lentOrNamed(name));
    known = new Known(plan, ours);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeUTF(SAME);
      out.writeUTF(LedgerFile.products());
      out.writeInt(runs.length);
      for (long run : runs) {
        write(out, Workers.serially(() -> ours.compute(run)), ours.recorded());
      }
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return bytes.toByteArray();
  }

  private static void write(DataOutputStream out, Outcome outcome, List<Column> figures) throws IOException {
    out.writeLong(outcome.run());
    out.writeDouble(outcome.seconds());
    out.writeBoolean(outcome.failure().isPresent());
    if (outcome.failure().isPresent()) {
      writeText(out, outcome.failure().get());
      return;
    }
    for (int k = 0; k < figures.size(); k++) {
      Object value = outcome.values().get(k);
      switch (figures.get(k).type()) {
        case WHOLE -> out.writeLong((Long) value);
        case NUMBER -> out.writeDouble((Double) value);
        case YES_OR_NO -> out.writeBoolean((Boolean) value);
        case TEXT -> writeText(out, (String) value);
      }
    }
  }

  /** Longer than what {@code writeUTF} takes. */
  private static void writeText(DataOutputStream out, String text) throws IOException {
    out.writeInt(text.length());
    out.writeChars(text);
  }

  private static String readText(DataInputStream in) throws IOException {
    char[] letters = new char[in.readInt()];
    for (int k = 0; k < letters.length; k++) {
      letters[k] = in.readChar();
    }
    return new String(letters);
  }

  /** Reads what {@link #compute} wrote elsewhere. */
  static List<Outcome> read(byte[] batch, Plan plan) {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(batch))) {
      String version = in.readUTF();
      String products = in.readUTF();
      if (!version.equals(SAME) || !products.equals(LedgerFile.products())) {
        throw new IllegalStateException(
            "A worker of the cluster has Liftgrad " + version + " with the products " + products + ", and here it is " + SAME
                + " with " + LedgerFile.products() + "; a ledger never mixes two.");
      }
      List<Outcome> outcomes = new ArrayList<>();
      for (int left = in.readInt(); left > 0; left--) {
        outcomes.add(readOutcome(in, plan.recorded()));
      }
      return outcomes;
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
  }

  private static Outcome readOutcome(DataInputStream in, List<Column> figures) throws IOException {
    long run = in.readLong();
    double seconds = in.readDouble();
    if (in.readBoolean()) {
      return new Outcome(run, List.of(), Optional.of(readText(in)), seconds);
    }
    List<Object> values = new ArrayList<>(figures.size());
    for (Column figure : figures) {
      values.add(
          switch (figure.type()) {
            case WHOLE -> in.readLong();
            case NUMBER -> in.readDouble();
            case YES_OR_NO -> in.readBoolean();
            case TEXT -> readText(in);
          });
    }
    return new Outcome(run, values, Optional.empty(), seconds);
  }
}
