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

  /** Sleeps, and says which share of the processors was busy meanwhile (0 where the system does not say). */
  static double busyDuring(long milliseconds) {
    long[] before = ticks();
    try {
      Thread.sleep(milliseconds);
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("The measurement was interrupted.", stop);
    }
    long[] after = ticks();
    long all = after[1] - before[1];
    return all == 0 ? 0 : (after[0] - before[0]) / (double) all;
  }

  /** Busy and all ticks of Linux since its start. */
  private static long[] ticks() {
    try {
      String[] fields = Files.readAllLines(Path.of("/proc/stat")).get(0).trim().split(" +");
      long all = 0;
      for (int k = 1; k < 9; k++) {
        all += Long.parseLong(fields[k]);
      }
      // Idle, and waiting for a disk.
      return new long[] {all - Long.parseLong(fields[4]) - Long.parseLong(fields[5]), all};
    } catch (IOException unknown) {
      return new long[2];
    }
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
