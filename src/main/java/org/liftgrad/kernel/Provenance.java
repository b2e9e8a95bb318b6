package org.liftgrad.kernel;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Where a figure comes from: what was built by which law, with which seed and settings, in the order
 * in which it was said. Values are plain text, so that two runs can be compared entry by entry.
 *
 * @param facts names and values; copied, order kept
 */
public record Provenance(Map<String, String> facts) {

  /** Copies the facts. */
  public Provenance {
    facts = Collections.unmodifiableMap(new LinkedHashMap<>(facts));
  }

  /** No facts yet. */
  public static Provenance none() {
    return new Provenance(Map.of());
  }

  /** The same facts and one more; a fact of the same name is replaced. */
  public Provenance with(String name, Object value) {
    Map<String, String> more = new LinkedHashMap<>(facts);
    more.put(name, String.valueOf(value));
    return new Provenance(more);
  }

  /** The same facts and all of another's, each named {@code prefix.name}. */
  public Provenance with(String prefix, Provenance other) {
    Map<String, String> more = new LinkedHashMap<>(facts);
    other.facts.forEach((name, value) -> more.put(prefix + "." + name, value));
    return new Provenance(more);
  }

  /** The same facts and those of the machine and the code: JVM, operating system, version, product path. */
  public Provenance withMachine() {
    return with("liftgrad.version", Version.current())
        .with("java.version", System.getProperty("java.version"))
        .with("java.vm", System.getProperty("java.vm.name"))
        .with("operating.system", System.getProperty("os.name") + " " + System.getProperty("os.arch"))
        .with("products", DenseProducts.asked().name());
  }

  /** One fact a line, name and value. */
  @Override
  public String toString() {
    return facts.entrySet().stream()
        .map(fact -> fact.getKey() + ": " + fact.getValue())
        .collect(Collectors.joining("\n"));
  }
}
