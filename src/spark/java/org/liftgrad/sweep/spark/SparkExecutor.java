package org.liftgrad.sweep.spark;

import java.io.File;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.liftgrad.kernel.Argument;
import org.liftgrad.kernel.ProductPath;
import org.liftgrad.sweep.Executor;
import org.liftgrad.sweep.Experiments;
import org.liftgrad.sweep.Plan;
import org.liftgrad.sweep.SparkSettings;

/**
 * Hands runs to a Spark cluster, in small batches of which there are always a few more than cores, and takes what comes
 * back as it comes. A batch that was lost with its worker is computed again by Spark, to the same bytes.
 *
 * <p>Everything listens on loopback unless {@link SparkSettings#address} says otherwise, and every member proves that it
 * knows the secret; what they say to each other is encrypted. Any {@code spark.*} system property is passed on.
 */
final class SparkExecutor implements Executor {

  /** The folder with the jars that workers of a cluster are sent. */
  private static final String JARS = "liftgrad.spark.jars";

  private static final int REACHED_MILLISECONDS = 5000;

  /** A batch is to take so long: long beside the ten milliseconds that Spark takes for one, short for a reader. */
  private static final double BATCH_SECONDS = 0.5;

  private static final int MOST_RUNS = 10_000;

  /** Batches under way for each core: while one is computed the next is on its way. */
  private static final int LANES_PER_CORE = 2;

  private static final int MOST_LANES = 1024;

  private final SparkSettings settings;

  SparkExecutor(SparkSettings settings) {
    this.settings = settings;
  }

  @Override
  public String name() {
    return "Spark, " + settings.master();
  }

  @Override
  public Crew open(Plan plan) {
    if (!settings.local()) {
      requireRegistered(plan);
      requireAnswer();
    }
    JavaSparkContext context = connected(plan);
    return new Crew() {
      @Override
      public void execute(Work work) {
        new Lanes(context, work).run();
      }

      @Override
      public void close() {
        context.close();
      }
    };
  }

  private JavaSparkContext connected(Plan plan) {
    JavaSparkContext context;
    try {
      context = new JavaSparkContext(configuration(plan.experiment().name()));
    } catch (RuntimeException e) {
      throw notTaken(e);
    }
    // A master that does not know us leaves Spark trying for a minute; then it goes on without one.
    if (!settings.local() && !context.sc().applicationId().startsWith("app-")) {
      context.close();
      throw notTaken(new IllegalStateException("not registered"));
    }
    return context;
  }

  private IllegalArgumentException notTaken(RuntimeException cause) {
    return new IllegalArgumentException(
        "spark is " + settings.master() + ", which did not take the sweep; it must be a master that runs Spark "
            + org.apache.spark.package$.MODULE$.SPARK_VERSION() + " and has the same secret.", cause);
  }

  private void requireRegistered(Plan plan) {
    Argument.require(
        Experiments.all().contains(plan.experiment()), "experiment", plan.experiment().name() + ", which is not registered",
        "a registered one to be found by the workers of " + settings.master());
  }

  private void requireAnswer() {
    String[] address = settings.master().substring("spark://".length()).split(":");
    int port = Integer.parseInt(address[1]);
    try (Socket socket = new Socket()) {
      Argument.require(port <= 65_535, "the port of " + settings.master(), port, "at most 65535");
      socket.connect(new InetSocketAddress(address[0], port), REACHED_MILLISECONDS);
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "spark is " + settings.master() + ", where no master answers (" + e.getClass().getSimpleName()
              + "); it must be the address of one that runs.", e);
    }
  }

  private SparkConf configuration(String experiment) {
    SparkConf conf = new SparkConf();
    conf.setMaster(settings.master());
    conf.setAppName("liftgrad sweep, " + experiment);
    conf.setIfMissing("spark.ui.enabled", "false");
    conf.setIfMissing("spark.driver.host", settings.address());
    conf.setIfMissing("spark.driver.bindAddress", settings.address());
    conf.setIfMissing("spark.authenticate", "true");
    conf.setIfMissing("spark.network.crypto.enabled", "true");
    settings.secret().ifPresent(secret -> conf.set("spark.authenticate.secret", secret));
    // A batch may be lost with its worker more than once before the sweep is given up.
    conf.setIfMissing("spark.task.maxFailures", "16");
    if (!settings.local()) {
      conf.setIfMissing("spark.jars", shippedJars());
      // The same path of products there as here.
      conf.setIfMissing("spark.executor.extraJavaOptions", "-D" + ProductPath.PROPERTY + "=" + System.getProperty(ProductPath.PROPERTY, "java"));
    }
    return conf;
  }

  private static String shippedJars() {
    File[] jars = new File(System.getProperty(JARS, ".")).listFiles((folder, name) -> name.endsWith(".jar"));
    Argument.require(
        System.getProperty(JARS) != null && jars != null && jars.length > 0, JARS, System.getProperty(JARS),
        "the folder with the jars that workers are sent, as environment/liftgrad says it");
    return Arrays.stream(jars).map(File::getAbsolutePath).sorted().collect(Collectors.joining(","));
  }

  /** Threads that each have one batch under way. */
  private static final class Lanes {
    private final JavaSparkContext context;
    private final Work work;
    private final ComputeBatch compute;
    private final List<Thread> threads = new ArrayList<>();
    private final AtomicReference<RuntimeException> fault = new AtomicReference<>();
    private volatile int size = 1;
    private volatile boolean givenUp;

    Lanes(JavaSparkContext context, Work work) {
      this.context = context;
      this.work = work;
      compute = new ComputeBatch(work.planText());
    }

    void run() {
      int interrupts = 0;
      do {
        // Workers may come later, or leave.
        int wanted = Math.min(MOST_LANES, LANES_PER_CORE * context.defaultParallelism());
        while (threads.size() < wanted) {
          Thread thread = new Thread(this::takeBatches, "spark-" + (threads.size() + 1));
          thread.setDaemon(true);
          threads.add(thread);
          thread.start();
        }
        try {
          for (Thread thread : threads) {
            thread.join(Math.max(1, 200 / threads.size()));
          }
        } catch (InterruptedException e) {
          work.stop();
          if (++interrupts > 1) {
            givenUp = true;
            context.cancelAllJobs();
          }
        }
      } while (threads.stream().anyMatch(Thread::isAlive));
      if (interrupts > 0) {
        Thread.currentThread().interrupt();
      }
      if (fault.get() != null && !givenUp) {
        throw fault.get();
      }
    }

    private void takeBatches() {
      try {
        for (long[] runs = next(); runs.length > 0 && fault.get() == null; runs = next()) {
          byte[] batch = context.parallelize(List.of(runs), 1).map(compute).collect().get(0);
          double seconds = work.finished(batch) / runs.length;
          size = (int) Math.max(1, Math.min(MOST_RUNS, BATCH_SECONDS / seconds));
        }
      } catch (RuntimeException thrown) {
        fault.compareAndSet(null, thrown);
        work.stop();
      }
    }

    /** Towards the end the batches become smaller, so that no core is left with a long one. */
    private long[] next() {
      long fair = work.left() / (2L * Math.max(1, threads.size()));
      return work.take((int) Math.max(1, Math.min(size, fair)));
    }
  }
}
