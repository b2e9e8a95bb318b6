package org.liftgrad.sweep.spark;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.liftgrad.sweep.SparkSettings;

/** A real master and workers of Spark's standalone cluster, each a process of its own on loopback, for tests and benchmarks. */
final class StandaloneCluster implements AutoCloseable {

  /** What a cluster does not have before a sweep brings it. */
  private static final List<String> OURS =
      List.of("liftgrad", "ejml", "hipparchus", "commons-rng", "tablesaw", "fastutil", "sqlite", "picocli", "xchart", "blas", "arpack");

  private static final long MOST_SECONDS = 60;

  private final Path folder;
  private final Path home;
  private final int port;
  private final String secret = UUID.randomUUID().toString();
  private final List<Process> processes = new ArrayList<>();

  /** Starts a master. */
  StandaloneCluster(Path folder) throws IOException, InterruptedException {
    this.folder = folder;
    home = home();
    port = freePort();
    Path properties = Files.createFile(
        folder.resolve("cluster.properties"), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(
        properties,
        "spark.authenticate true\nspark.authenticate.secret " + secret + "\nspark.network.crypto.enabled true\n"
            + "spark.master.rest.enabled false\n");
    start("master", "org.apache.spark.deploy.master.Master", "--port", Integer.toString(port), "--webui-port", "0");
    awaitAnswer();
  }

  /** Jars of Spark's own, as a distribution has them. */
  private Path home() throws IOException {
    Path jars = Files.createDirectories(folder.resolve("spark/jars"));
    Path all = Path.of(System.getProperty("liftgrad.spark.jars")).resolveSibling("spark-libraries");
    try (Stream<Path> files = Files.list(all)) {
      for (Path jar : files.toList()) {
        String name = jar.getFileName().toString();
        if (OURS.stream().noneMatch(name::startsWith)) {
          Files.createSymbolicLink(jars.resolve(name), jar);
        }
      }
    }
    return jars.getParent();
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private Process start(String name, String main, String... arguments) throws IOException {
    List<String> line =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx256m", "-XX:+UseSerialGC",
                "@" + Path.of(System.getProperty("liftgrad.home")).resolve("src/spark/java.options"), "-Djava.io.tmpdir=" + folder,
                "-cp", home.resolve("jars") + "/*", main, "--host", SparkSettings.LOOPBACK, "--properties-file",
                folder.resolve("cluster.properties").toString()));
    line.addAll(List.of(arguments));
    ProcessBuilder builder =
        new ProcessBuilder(line).directory(folder.toFile()).redirectErrorStream(true).redirectOutput(folder.resolve(name + ".log").toFile());
    builder.environment().put("SPARK_HOME", home.toString());
    builder.environment().put("SPARK_LOCAL_IP", SparkSettings.LOOPBACK);
    // A distribution's own start script says so.
    builder.environment().put("SPARK_SCALA_VERSION", "2.13");
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    Process process = builder.start();
    processes.add(process);
    return process;
  }

  private void awaitAnswer() throws IOException, InterruptedException {
    long end = System.nanoTime() + MOST_SECONDS * 1_000_000_000L;
    while (true) {
      try (Socket socket = new Socket()) {
        socket.connect(new InetSocketAddress(SparkSettings.LOOPBACK, port), 1000);
        return;
      } catch (IOException e) {
        if (System.nanoTime() > end || !processes.get(0).isAlive()) {
          close();
          throw new IOException("the master did not start: " + Files.readString(folder.resolve("master.log")), e);
        }
        Thread.sleep(100);
      }
    }
  }

  /** Starts a worker with so many cores. */
  Process worker(int cores) throws IOException {
    String name = "worker-" + processes.size();
    return start(
        name, "org.apache.spark.deploy.worker.Worker", "--cores", Integer.toString(cores), "--memory", "2g", "--webui-port", "0",
        "--work-dir", folder.resolve(name).toString(), "spark://" + SparkSettings.LOOPBACK + ":" + port);
  }

  /** How it is reached. */
  SparkSettings settings() {
    return settings(secret);
  }

  /** How one who believes in this secret would reach it. */
  SparkSettings settings(String believed) {
    return new SparkSettings("spark://" + SparkSettings.LOOPBACK + ":" + port, SparkSettings.LOOPBACK, java.util.Optional.of(believed));
  }

  /** SIGKILL for a worker and for what computes there: as when its machine loses power. */
  static void kill(Process worker) {
    List<ProcessHandle> children = worker.descendants().toList();
    worker.toHandle().destroyForcibly();
    children.forEach(ProcessHandle::destroyForcibly);
    worker.onExit().join();
  }

  @Override
  public void close() {
    for (Process process : processes) {
      kill(process);
    }
  }
}
