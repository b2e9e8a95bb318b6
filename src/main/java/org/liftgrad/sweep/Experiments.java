package org.liftgrad.sweep;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.liftgrad.kernel.Argument;

/**
 * The experiments that a plan file can name: those of this library, and those that an {@link ExperimentProvider} on
 * the class path brings.
 */
public final class Experiments {

  /** Experiments of sweeps that run in this JVM, which need not be registered anywhere. */
  private static final Map<String, Experiment> RUNNING = new ConcurrentHashMap<>();
  private static final AtomicLong LENT = new AtomicLong();

  private Experiments() {}

  private static final class Registered {
    static final Map<String, Experiment> BY_NAME = load();

    private static Map<String, Experiment> load() {
      List<Experiment> all = new ArrayList<>(List.of(ShallowFlow.experiment(), ShallowStart.experiment()));
      ServiceLoader.load(ExperimentProvider.class, Experiments.class.getClassLoader())
          .forEach(provider -> all.addAll(provider.experiments()));
      Map<String, Experiment> byName = new LinkedHashMap<>();
      for (Experiment experiment : all) {
        Argument.require(
            byName.put(experiment.name(), experiment) == null, "experiment", experiment.name(), "registered once");
      }
      return Collections.unmodifiableMap(byName);
    }
  }

  /** All that are registered. */
  public static List<Experiment> all() {
    return List.copyOf(Registered.BY_NAME.values());
  }

  /**
   * The registered experiment of a name.
   *
   * @throws IllegalArgumentException for an unknown name, with those that are known
   */
  public static Experiment named(String name) {
    return find(name).orElseThrow(
        () -> Argument.refused("experiment", "“" + name + "”", "one of " + String.join(", ", Registered.BY_NAME.keySet())));
  }

  static Optional<Experiment> find(String name) {
    return Optional.ofNullable(Registered.BY_NAME.get(name));
  }

  /** Can another JVM with the same class path find this one? */
  static boolean isRegistered(Experiment experiment) {
    return find(experiment.name()).filter(experiment::equals).isPresent();
  }

  /** A name under which the parts of a sweep find its experiment in this JVM, until it is {@linkplain #forget forgotten}. */
  static String lend(Experiment experiment) {
    String name = isRegistered(experiment) ? experiment.name() : experiment.name() + "#" + LENT.incrementAndGet();
    RUNNING.put(name, experiment);
    return name;
  }

  static void forget(String lent) {
    RUNNING.remove(lent);
  }

  /** One that was lent, or a registered one. */
  static Experiment lentOrNamed(String name) {
    Experiment running = RUNNING.get(name);
    return running != null ? running : named(name);
  }
}
