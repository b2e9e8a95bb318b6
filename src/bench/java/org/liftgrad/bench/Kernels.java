package org.liftgrad.bench;

import static org.liftgrad.bench.Setting.time;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/** What JMH measures: S6 (data and start at n = 1000, d = 10¹²), and the flow at a small size. */
final class Kernels implements Job {

  private static final List<Class<?>> ALL = List.of(ExactInLawBenchmark.class, FlowBenchmark.class);

  /** The bar S6: the most seconds that data and start may take, warm. */
  private static final double MOST_SECONDS = 1.0;

  @Override
  public String id() {
    return "kernels";
  }

  @Override
  public List<Bar> run(Setting setting) {
    List<Bar> bars = new ArrayList<>();
    for (Class<?> benchmark : ALL) {
      try {
        for (RunResult result : run(benchmark, setting.folder(), setting.quick())) {
          bars.add(bar(benchmark, result));
        }
      } catch (RunnerException failure) {
        throw new IllegalStateException(benchmark.getSimpleName() + " failed; its log is beside the table", failure);
      }
    }
    return bars;
  }

  private static Bar bar(Class<?> benchmark, RunResult result) {
    double seconds = result.getPrimaryResult().getScore();
    String measured = time(seconds) + " ± " + time(result.getPrimaryResult().getScoreError());
    String work = result.getPrimaryResult().getLabel() + " " + parameters(result);
    return benchmark == ExactInLawBenchmark.class
        ? new Bar(
            "S6", "data and start, n=1000, d=10¹²", time(seconds), "–", measured, "< " + time(MOST_SECONDS),
            Outcome.atMost(seconds, MOST_SECONDS), "")
        : new Bar("JMH", work, time(seconds), "–", measured, "", Outcome.REPORTED, "");
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
            .resultFormat(ResultFormatType.JSON)
            .result(folder.resolve(name + ".json").toString())
            .output(folder.resolve(name + ".log").toString());
    return new Runner(options.build()).run();
  }

  private static Map<String, String> parameters(RunResult result) {
    Map<String, String> parameters = new TreeMap<>();
    for (String key : result.getParams().getParamsKeys()) {
      parameters.put(key, result.getParams().getParam(key));
    }
    return parameters;
  }
}
