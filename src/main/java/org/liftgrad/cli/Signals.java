package org.liftgrad.cli;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Ctrl-C and the request to terminate, heard as often as they come and without ending the JVM: for a command that
 * brings its work to an end by itself. (A shutdown hook, which the other commands use, hears the first one only.)
 *
 * <p>Java has this in {@code sun.misc}, which every JDK exports for want of another way, and which the compiler warns
 * of; so it is called by reflection. Where it is missing the JVM ends as it would without us.
 */
final class Signals implements AutoCloseable {

  private final Map<Object, Object> before = new LinkedHashMap<>();
  private volatile int number;

  /** Calls {@code heard} with the signal in words, in a thread of the JVM, until this is closed. */
  Signals(Consumer<String> heard) {
    watch("INT", 2, "interrupted", heard);
    watch("TERM", 15, "asked to terminate", heard);
  }

  /** The exit code of a process that the last signal ended. */
  int exitCode() {
    return 128 + number;
  }

  private void watch(String name, int signalNumber, String words, Consumer<String> heard) {
    try {
      Object signal = Class.forName("sun.misc.Signal").getConstructor(String.class).newInstance(name);
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      Object ours =
          Proxy.newProxyInstance(
              Signals.class.getClassLoader(), new Class<?>[] {handler},
              (proxy, method, arguments) -> {
                if (method.getName().equals("handle")) {
                  number = signalNumber;
                  heard.accept(words);
                  return null;
                }
                return method.invoke(Signals.this, arguments);
              });
      before.put(signal, handle().invoke(null, signal, ours));
    } catch (ReflectiveOperationException | IllegalArgumentException e) {
      // This JVM hears no such signal, or has it for itself (java -Xrs).
    }
  }

  private static Method handle() throws ReflectiveOperationException {
    return Class.forName("sun.misc.Signal")
        .getMethod("handle", Class.forName("sun.misc.Signal"), Class.forName("sun.misc.SignalHandler"));
  }

  @Override
  public void close() {
    before.forEach(
        (signal, handler) -> {
          try {
            handle().invoke(null, signal, handler);
          } catch (InvocationTargetException e) {
            // It was never ours.
          } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("What could be watched can be left alone again.", e);
          }
        });
  }
}
