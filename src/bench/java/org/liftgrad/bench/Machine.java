package org.liftgrad.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.Locale;

/** The machine, named, as far as it says its name. */
final class Machine {

  private Machine() {}

  /** Processor, threads used, memory, system, JVM and day, in one line. */
  static String name(int threads) {
    String memory =
        ManagementFactory.getOperatingSystemMXBean() instanceof com.sun.management.OperatingSystemMXBean bean
            ? String.format(Locale.ROOT, ", %.0f GiB", bean.getTotalMemorySize() / (double) (1L << 30))
            : "";
    return processor() + ", " + threads + (threads == 1 ? " thread" : " threads") + memory + ", "
        + System.getProperty("os.name") + " " + System.getProperty("os.arch") + ", "
        + System.getProperty("java.vm.name") + " " + System.getProperty("java.version") + ", " + LocalDate.now();
  }

  /** How many programs wanted a processor over the last minute; a load well above 0 distorts times. */
  static double load() {
    return ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
  }

  private static String processor() {
    Path file = Path.of("/proc/cpuinfo");
    if (Files.isReadable(file)) {
      try {
        for (String line : Files.readAllLines(file)) {
          if (line.startsWith("model name")) {
            return line.substring(line.indexOf(':') + 1).strip();
          }
        }
      } catch (IOException unreadable) {
        return "unknown processor";
      }
    }
    return "unknown processor";
  }
}
