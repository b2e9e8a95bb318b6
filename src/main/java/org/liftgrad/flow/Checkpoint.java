package org.liftgrad.flow;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.liftgrad.data.Dataset;
import org.liftgrad.kernel.Argument;
import org.liftgrad.shallow.ShallowNetwork;
import org.liftgrad.statistics.Numbers;

/**
 * Where a run of the flow can be taken up again, to the same bytes as if it had never been stopped:
 *
 * <pre>{@code
 * Solution first = gradientFlow(network).until(timeReached(100)).solve();
 * first.checkpoint().save(Path.of("run.checkpoint"));
 * Solution more = gradientFlow(network).until(timeReached(500))
 *     .resume(Checkpoint.load(Path.of("run.checkpoint"))).solve();
 * }</pre>
 *
 * <p>It holds the state at the last boundary between steps, which lies a little before the end of the run:
 * a step that was cut short by a time or a loss is taken anew. It belongs to one network on one data set, one
 * method and tolerance, and one list of observers; any other is refused. Immutable.
 *
 * <p>Bytes are the same on every machine where those of a run are; a version of Liftgrad that changes the
 * algorithm writes another version of the file.
 */
public final class Checkpoint {

  /** SHA-256 of the problem. */
  private final byte[] fingerprint;

  private final String method;
  private final double tolerance;
  private final double time;
  private final List<String> observers;
  private final Payload payload;

  Checkpoint(
      byte[] fingerprint, String method, double tolerance, double time, List<String> observers, Payload payload) {
    Argument.require(
        fingerprint.length == 32, "the length of the fingerprint", fingerprint.length, "32");
    this.fingerprint = fingerprint.clone();
    this.method = method;
    this.tolerance = tolerance;
    this.time = Argument.notNegative("the time of the checkpoint", time);
    this.observers = List.copyOf(observers);
    this.payload = payload;
  }

  /** The time of the state it holds, at most that at which the run ended. */
  public double time() {
    return time;
  }

  /** The name of the method that ran. */
  public String method() {
    return method;
  }

  /** The tolerance of the run. */
  public double tolerance() {
    return tolerance;
  }

  /** The kinds and names of the observers, in their order. */
  public List<String> observers() {
    return observers;
  }

  /**
   * Writes it: beside its place first, then renamed, so that a file of that name is whole at any time.
   *
   * @param file a file, a new one or one to be replaced, in an existing folder
   * @throws IllegalArgumentException if it cannot be written
   */
  public void save(Path file) {
    CheckpointFile.write(file, this);
  }

  /**
   * Reads one.
   *
   * @throws IllegalArgumentException if the file cannot be read, is none of these, is of another version,
   *     was cut short or is damaged
   */
  public static Checkpoint load(Path file) {
    return CheckpointFile.read(file);
  }

  byte[] fingerprint() {
    return fingerprint.clone();
  }

  Payload payload() {
    return payload;
  }

  // ---------------------------------------------------------------- what it belongs to

  /** Refuses a run that it does not belong to. */
  void requireFor(ShallowNetwork network, Method asked, double askedTolerance, List<Observer> watching) {
    Argument.require(
        method.equals(asked.name()), "method", asked.name(), method + ", the method of the checkpoint");
    Argument.require(
        asked instanceof Method.Descent || tolerance == askedTolerance,
        "tolerance", askedTolerance, tolerance + ", the tolerance of the checkpoint");
    Argument.require(
        Arrays.equals(fingerprint, fingerprint(network)),
        "network", network, "the one of the checkpoint, on the same data, to the last bit");
    List<String> names = names(watching);
    Argument.require(
        observers.equals(names), "observe", names, observers + ", the observers of the checkpoint");
  }

  /** Kind and name of every observer. */
  static List<String> names(List<Observer> observers) {
    return observers.stream().map(Checkpoint::name).toList();
  }

  private static String name(Observer observer) {
    String kind =
        observer instanceof Observer.Integral
            ? "integral of "
            : observer instanceof Observer.Smallest ? "smallest " : observer instanceof Observer.Largest ? "largest " : "";
    return kind + observer.name();
  }

  /** SHA-256 of all that decides how a flow goes: data, activation and start. */
  static byte[] fingerprint(ShallowNetwork network) {
    Dataset data = network.data();
    Digest digest = new Digest();
    digest.add(network.activation().name().getBytes(StandardCharsets.UTF_8));
    digest.add(data.points(), network.neurons(), data.dimension());
    digest.add(data.labels());
    // A diagonal Gram matrix says nothing more than its diagonal, and may be too large to write out.
    digest.add(data.exactlyOrthogonal() ? data.squaredNorms() : data.gram().data);
    digest.add(data.gramRounding());
    digest.add(network.preactivations().data);
    digest.add(network.readout());
    digest.add(network.squaredWeightNorms());
    return digest.bytes();
  }

  /** SHA-256 over numbers, big-endian, each array after its length. */
  private static final class Digest {
    private static final int AT_A_TIME = 8192;
    private final MessageDigest digest = sha256();
    private final java.nio.ByteBuffer buffer = java.nio.ByteBuffer.allocate(8 * AT_A_TIME);

    void add(byte[] values) {
      add(values.length, 0);
      digest.update(values);
    }

    void add(long... values) {
      for (long value : values) {
        buffer.putLong(value);
      }
      flush();
    }

    void add(double... values) {
      add(values.length, 0L);
      for (double value : values) {
        buffer.putLong(Double.doubleToRawLongBits(value));
        if (!buffer.hasRemaining()) {
          flush();
        }
      }
      flush();
    }

    private void flush() {
      digest.update(buffer.array(), 0, buffer.position());
      buffer.clear();
    }

    byte[] bytes() {
      return digest.digest();
    }
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }

  /** When, of what method, for which problem. */
  @Override
  public String toString() {
    return "checkpoint at t = " + Numbers.rounded(time, 6) + " of " + method + ", problem "
        + HexFormat.of().formatHex(fingerprint, 0, 6);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Checkpoint checkpoint
        && Arrays.equals(fingerprint, checkpoint.fingerprint)
        && method.equals(checkpoint.method)
        && tolerance == checkpoint.tolerance
        && time == checkpoint.time
        && observers.equals(checkpoint.observers)
        && payload.equals(checkpoint.payload);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(fingerprint) * 31 + Double.hashCode(time);
  }
}
