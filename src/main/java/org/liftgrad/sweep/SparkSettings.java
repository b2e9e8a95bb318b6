package org.liftgrad.sweep;

import java.util.Optional;
import org.liftgrad.kernel.Argument;

/**
 * Which Spark cluster, and how it is reached.
 *
 * @param master {@code local[2]}, or {@code spark://host:port} of a standalone master
 * @param address the address under which the cluster reaches this process; loopback unless said
 * @param secret what the cluster's members prove themselves with (its {@code spark.authenticate.secret}); needed for a
 *     standalone master, while {@code local} makes its own
 */
public record SparkSettings(String master, String address, Optional<String> secret) {

  /** Loopback. */
  public static final String LOOPBACK = "127.0.0.1";

  /** Refuses what is no master, and a cluster without a secret. */
  public SparkSettings {
    Argument.require(
        master.matches("local(\\[([1-9][0-9]{0,3}|\\*)])?|spark://[^\\s:/,]+:[0-9]{1,5}"), "spark", "“" + master + "”",
        "local[N] or spark://HOST:PORT");
    Argument.require(
        master.startsWith("local") || secret.isPresent(), "the secret of " + master, "missing",
        "the cluster's spark.authenticate.secret: nobody else may hand it work");
  }

  /** This master, from loopback, without a secret. */
  public static SparkSettings of(String master) {
    return new SparkSettings(master, LOOPBACK, Optional.empty());
  }

  /** The same, with the secret of the cluster. */
  public SparkSettings secret(String text) {
    return new SparkSettings(master, address, Optional.of(text));
  }

  /** The same, reached under another address. */
  public SparkSettings address(String other) {
    return new SparkSettings(master, other, secret);
  }

  /** Does it run in this JVM? */
  public boolean local() {
    return master.startsWith("local");
  }

  /** Without the secret. */
  @Override
  public String toString() {
    return master;
  }
}
