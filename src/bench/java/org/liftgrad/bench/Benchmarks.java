package org.liftgrad.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.liftgrad.kernel.DenseProducts;
import org.liftgrad.kernel.ProductPath;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/**
 * Runs the benchmarks and holds them to what the project promises: called by {@code environment/bench}
 * with a folder for JMH's own files.
 */
public final class Benchmarks {

  private static final List<Class<?>> ALL =
      List.of(
          ExactInLawBenchmark.class,
          FlowBenchmark.class,
          ProductBenchmark.class,
          RightHandSideBenchmark.class,
          OrthogonalBenchmark.class);

  /** The most seconds that a run may take, warm. */
  private static final Map<Class<?>, Double> PROMISED = Map.of(ExactInLawBenchmark.class, 1.0);

  private Benchmarks() {}

  /** Exit code 0 where all promises are kept, 1 where one is not. */
  public static void main(String[] arguments) throws Exception {
    Path folder = Files.createDirectories(Path.of(arguments[0]));
    boolean quick = List.of(arguments).contains("--quick");
    boolean kept = true;
    for (Class<?> benchmark : ALL) {
      System.out.println(benchmark.getSimpleName() + " …");
      for (RunResult result : run(benchmark, folder, quick)) {
        double seconds = result.getPrimaryResult().getScore();
        System.out.printf(
            Locale.ROOT, "  %s %s: %.3g s ± %.2g%n",
            result.getPrimaryResult().getLabel(), parameters(result), seconds, result.getPrimaryResult().getScoreError());
        double promised = PROMISED.getOrDefault(benchmark, Double.POSITIVE_INFINITY);
        // Written so that NaN does not pass.
        if (!(seconds < promised)) {
          kept = false;
          System.err.printf(
              Locale.ROOT, "bench: %s took %.3g s on this machine; it must be under %.3g s, warm.%n",
              result.getPrimaryResult().getLabel(), seconds, promised);
        }
      }
    }
    System.out.println("All figures are in " + folder);
    System.exit(kept ? 0 : 1);
  }

  private static Collection<RunResult> run(Class<?> benchmark, Path folder, boolean quick) throws RunnerException {
    String name = benchmark.getSimpleName();
    ChainedOptionsBuilder options =
        new OptionsBuilder()
            .include("\\b" + name + "\\.")
            .forks(quick ? 1 : 3)
            .warmupIterations(quick ? 2 : 5)
            .measurementIterations(quick ? 3 : 5)
            .warmupTime(TimeValue.seconds(quick ? 2 : 5))
            .measurementTime(TimeValue.seconds(quick ? 2 : 5))
            .shouldFailOnError(true)
            .param("path", paths())
            .resultFormat(ResultFormatType.JSON)
            .result(folder.resolve(name + ".json").toString())
            .output(folder.resolve(name + ".log").toString());
    return new Runner(options.build()).run();
  }

  /** The product paths of this machine. The benchmarks' own JVMs have the Vector module. */
  private static String[] paths() {
    boolean blas = DenseProducts.of(ProductPath.NATIVE).path() == ProductPath.NATIVE;
    return blas ? new String[] {"java", "vector", "native"} : new String[] {"java", "vector"};
  }

  private static Map<String, String> parameters(RunResult result) {
    Map<String, String> parameters = new TreeMap<>();
    for (String key : result.getParams().getParamsKeys()) {
      parameters.put(key, result.getParams().getParam(key));
    }
    return parameters;
  }
}
