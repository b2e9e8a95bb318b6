package org.liftgrad.sweep;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A JVM of its own for a test, which starts quickly and leaves nothing outside the test's folder. */
public final class OtherJvm {

  private OtherJvm() {}

  /** The command line that runs a main class with this JVM's class path. */
  public static List<String> command(Path folder, Class<?> main, String... arguments) {
    List<String> line =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC",
                "-XX:-UsePerfData", "-Xmx256m", "--enable-native-access=ALL-UNNAMED", "-Djava.io.tmpdir=" + folder,
                "-Dfile.encoding=UTF-8", "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")), main.getName()));
    line.addAll(List.of(arguments));
    return line;
  }

  /** Starts it; all that it says goes to a file. */
  public static Process start(List<String> command, Path said) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(said.toFile());
    builder.environment().put("LC_ALL", "C.UTF-8");
    return builder.start();
  }
}
