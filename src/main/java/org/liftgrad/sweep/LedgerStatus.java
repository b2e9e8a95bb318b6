package org.liftgrad.sweep;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.liftgrad.statistics.Numbers;

/**
 * How far a ledger is.
 *
 * @param path where it is
 * @param plan its plan
 * @param done how many runs are in it with their figures
 * @param failed how many are in it with the reason why they failed
 * @param runSeconds how long all of them took, added up
 * @param bytes how large the file is; what a sweep at work has not moved there yet is not counted
 * @param created when it was made, in UTC
 * @param version the version of Liftgrad that made it
 * @param products the path of products on which all figures are computed
 * @param sessions who computed, in the order in which they began
 */
public record LedgerStatus(
    Path path, Plan plan, long done, long failed, double runSeconds, long bytes, String created, String version, String products,
    List<Session> sessions) {

  /**
   * A time that the sweep was begun or resumed.
   *
   * @param begun when
   * @param executor where the runs were computed
   * @param environment versions of Liftgrad and Java, operating system, path of products: a fact a line
   */
  public record Session(Instant begun, String executor, String environment) {}

  /** Copies the list. */
  public LedgerStatus {
    sessions = List.copyOf(sessions);
  }

  /** How many runs are not in it yet. */
  public long left() {
    return plan.runs() - done - failed;
  }

  /** Is every run in it? */
  public boolean complete() {
    return left() == 0;
  }

  /** The mean time of a run, in seconds; NaN before the first. */
  public double meanSeconds() {
    return runSeconds / (done + failed);
  }

  /** In a few lines. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    text.append(new SweepProgress(plan.runs(), done, failed, 0, 0).counts()).append(", ").append(left()).append(" left");
    if (done + failed > 0) {
      text.append(", ").append(Numbers.rounded(meanSeconds(), 3)).append(" s a run");
    }
    text.append('\n').append(plan).append("\n  plan ").append(plan.hash()).append('\n');
    text.append("made ").append(created).append(" by Liftgrad ").append(version).append(", products ").append(products).append(", ")
        .append(bytes).append(" bytes");
    for (Session session : sessions) {
      text.append("\nbegun or resumed ").append(session.begun()).append(" on ").append(session.executor()).append("; ")
          .append(session.environment().replace("\n", ", "));
    }
    return text.toString();
  }
}
