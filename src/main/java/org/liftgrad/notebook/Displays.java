package org.liftgrad.notebook;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.liftgrad.plot.Label;

/**
 * Which type looks how: a registry from Java types to functions that make a {@link Display}. A value whose type,
 * superclass or interface has an entry is shown by the nearest one, any other by its {@code toString()}. The kernel
 * asks it for every result of a cell; nothing in here knows the kernel.
 *
 * <p>The entries of this library's own types stand in one list, {@link StandardDisplays}. A notebook may add its own:
 * {@code Displays.standard().register(Walk.class, walk -> Display.text(walk.summary()))}.
 */
public final class Displays {
  private static final Displays STANDARD = StandardDisplays.registerAll(new Displays());

  private final Map<Class<?>, Function<Object, Display>> entries = new ConcurrentHashMap<>();

  /** An empty registry. */
  public Displays() {}

  /**
   * The registry that notebooks use, holding the library's own types and tablesaw's and XChart's.
   *
   * @return the one shared registry
   */
  public static Displays standard() {
    return STANDARD;
  }

  /**
   * Says how a type is shown; a second entry for the same type replaces the first.
   *
   * @param <T> the type
   * @param type the class or interface
   * @param form from a value to its display
   * @return this registry
   */
  public <T> Displays register(Class<T> type, Function<? super T, Display> form) {
    Objects.requireNonNull(form, "form");
    entries.put(type, value -> form.apply(type.cast(value)));
    return this;
  }

  /** The types that have an entry. */
  Set<Class<?>> types() {
    return Set.copyOf(entries.keySet());
  }

  /**
   * How a value is shown. Never throws: a display is asked for at the end of a long computation, and the value must
   * survive a fault in drawing it, so the fault is what is shown then.
   *
   * @param value any value, or null
   * @return its display
   */
  public Display of(Object value) {
    if (value instanceof Display display) {
      return display.bounded();
    }
    if (value == null) {
      return Display.text("null");
    }
    try {
      Optional<Function<Object, Display>> entry = entry(value.getClass());
      if (entry.isPresent()) {
        return Objects.requireNonNull(entry.get().apply(value), "the display").bounded();
      }
      return Display.text(Objects.requireNonNullElse(value.toString(), "null")).bounded();
    } catch (Throwable fault) { // an Error too: it would otherwise end the kernel's message loop
      return Display.text(apology(value, fault));
    }
  }

  /**
   * Escapes text for HTML, element content and quoted attributes alike.
   *
   * @param text any text
   * @return the text with the five special characters replaced
   */
  public static String escape(String text) {
    StringBuilder escaped = new StringBuilder(text.length() + 16);
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '&' -> escaped.append("&amp;");
        case '<' -> escaped.append("&lt;");
        case '>' -> escaped.append("&gt;");
        case '"' -> escaped.append("&quot;");
        case '\'' -> escaped.append("&#39;");
        default -> escaped.append(c);
      }
    }
    return escaped.toString();
  }

  /**
   * A sentence for HTML: escaped, with its indices, powers and formulas set as {@link Label} reads them.
   *
   * @param text any text, as {@code "λ_min of n^2 pairs"}
   * @return element content without a block of its own
   */
  public static String prose(String text) {
    List<Label.Piece> pieces = Label.of(text).pieces();
    return pieces.isEmpty() ? escape(text) : pieces.stream().map(Displays::set).collect(Collectors.joining());
  }

  private static String set(Label.Piece piece) {
    String tag = piece.level() > 0 ? "sup" : "sub";
    String inner = piece.italic() ? "<i>" + escape(piece.text()) + "</i>" : escape(piece.text());
    return piece.level() == 0 ? inner : "<" + tag + ">" + inner + "</" + tag + ">";
  }

  /** The nearest entry, breadth first: the class, its interfaces, its superclass, and so on. */
  private Optional<Function<Object, Display>> entry(Class<?> type) {
    Deque<Class<?>> waiting = new ArrayDeque<>();
    Set<Class<?>> seen = new LinkedHashSet<>();
    waiting.add(type);
    while (!waiting.isEmpty()) {
      Class<?> next = waiting.removeFirst();
      if (!seen.add(next)) {
        continue;
      }
      Function<Object, Display> form = entries.get(next);
      if (form != null) {
        return Optional.of(form);
      }
      waiting.addAll(java.util.List.of(next.getInterfaces()));
      if (next.getSuperclass() != null) {
        waiting.addLast(next.getSuperclass());
      }
    }
    return Optional.empty();
  }

  private static String apology(Object value, Throwable fault) {
    String message = fault.getMessage() == null ? "" : ": " + fault.getMessage();
    return "This value of type " + value.getClass().getSimpleName() + " could not be shown ("
        + fault.getClass().getSimpleName() + message + ").";
  }
}
