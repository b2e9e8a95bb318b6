package org.liftgrad.theorem;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.liftgrad.kernel.Workers;

class RunnerTest {

  private static <T> List<T> run(int threads, int count, IntFunction<T> task) {
    return new Runner(threads).run(count, task, number -> "task " + number, done -> {});
  }

  /** Some work, more for small numbers, so that threads finish out of turn. */
  private static double work(int number) {
    double sum = 0;
    for (int k = 0; k < 200_000 / (number + 1); k++) {
      sum += StrictMath.sin(sum + k + number);
    }
    return sum;
  }

  @ParameterizedTest(name = "{0} threads")
  @ValueSource(ints = {0, 1, 2, 7})
  void resultsAndProgressComeInTheirOrder(int threads) {
    List<Double> serial = IntStream.range(0, 60).mapToObj(RunnerTest::work).toList();
    List<Integer> heard = Collections.synchronizedList(new ArrayList<>());
    List<Double> results = new Runner(threads).run(60, RunnerTest::work, number -> "task " + number, heard::add);
    assertThat(results).isEqualTo(serial);
    assertThat(heard).isEqualTo(IntStream.rangeClosed(1, 60).boxed().toList());
  }

  @Test
  void allWorkersTakePart() {
    assumeThat(Workers.count()).isGreaterThanOrEqualTo(2);
    CountDownLatch both = new CountDownLatch(2);
    // Each of the two waits for the other: one thread alone would wait in vain.
    List<Boolean> met =
        run(
            2, 2,
            number -> {
              both.countDown();
              try {
                return both.await(30, TimeUnit.SECONDS);
              } catch (InterruptedException stop) {
                return false;
              }
            });
    assertThat(met).containsExactly(true, true);
  }

  @Test
  void aTaskKeepsToItsThread() {
    List<Boolean> alone =
        run(
            0, 20,
            number -> {
              Set<Thread> threads = ConcurrentHashMap.newKeySet();
              Workers.run(50, inner -> threads.add(Thread.currentThread()));
              return threads.equals(Set.of(Thread.currentThread()));
            });
    assertThat(alone).hasSize(20).containsOnly(true);
  }

  @ParameterizedTest(name = "{0} threads")
  @ValueSource(ints = {1, 2, 3})
  void theSmallestNumberThatFailsIsTheOneTold(int threads) {
    for (int repeat = 0; repeat < 50; repeat++) {
      AtomicInteger begun = new AtomicInteger();
      assertThatThrownBy(
              () ->
                  run(
                      threads, 40,
                      number -> {
                        begun.incrementAndGet();
                        if (number == 4 || number == 5) {
                          // The larger number fails first.
                          work(number == 4 ? 0 : 1000);
                          throw new IllegalArgumentException("points is " + number + "; it must be less.");
                        }
                        return number;
                      }))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("task 4: points is 4; it must be less.")
          .hasCauseInstanceOf(IllegalArgumentException.class);
      assertThat(begun.get()).as("no task is begun after a failure").isLessThan(40);
    }
  }

  @Test
  void anErrorStaysWhatItIs() {
    assertThatThrownBy(
            () ->
                run(
                    2, 3,
                    number -> {
                      throw new OutOfMemoryError("too much");
                    }))
        .isInstanceOf(OutOfMemoryError.class)
        .satisfies(thrown -> assertThat(thrown.getSuppressed()[0]).hasMessage("task 0"));
    assertThatThrownBy(() -> run(2, 3, number -> List.of().get(number)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageStartingWith("task 0: ")
        .hasCauseInstanceOf(IndexOutOfBoundsException.class);
  }

  /** As the flow does: it ends when its own thread is interrupted. */
  private static int untilInterrupted(CountDownLatch begun, AtomicBoolean heard) {
    begun.countDown();
    long began = System.nanoTime();
    while (System.nanoTime() - began < TimeUnit.SECONDS.toNanos(60)) {
      if (Thread.currentThread().isInterrupted()) {
        heard.set(true);
        return 1;
      }
      Thread.onSpinWait();
    }
    return 0;
  }

  @Test
  void anInterruptReachesTasksOfOtherThreadsWhileTheCallerWaits() throws Exception {
    assumeThat(Workers.count()).isGreaterThanOrEqualTo(2);
    AtomicBoolean heard = new AtomicBoolean();
    AtomicBoolean cancelled = new AtomicBoolean();
    AtomicBoolean flagKept = new AtomicBoolean();
    AtomicInteger begun = new AtomicInteger();
    CountDownLatch long1 = new CountDownLatch(1);
    Thread[] caller = new Thread[1];
    caller[0] =
        new Thread(
            () -> {
              try {
                run(
                    2, 1000,
                    number -> {
                      begun.incrementAndGet();
                      // Only the thread that is not the caller has a long task; the caller has short ones.
                      return Thread.currentThread() == caller[0]
                          ? (int) work(20)
                          : untilInterrupted(long1, heard);
                    });
              } catch (CancellationException stop) {
                cancelled.set(true);
                flagKept.set(Thread.currentThread().isInterrupted());
              }
            });
    caller[0].start();
    assertThat(long1.await(30, TimeUnit.SECONDS)).isTrue();
    // By now or soon the caller waits, its own tasks done.
    Thread.sleep(200);
    caller[0].interrupt();
    caller[0].join(TimeUnit.SECONDS.toMillis(30));
    assertThat(caller[0].isAlive()).as("the run goes on").isFalse();
    assertThat(heard).isTrue();
    assertThat(cancelled).isTrue();
    assertThat(flagKept).isTrue();
    // The workers' threads are as good as new.
    assertThat(run(2, 50, number -> Thread.currentThread().isInterrupted())).containsOnly(false);
  }

  @Test
  void nothingToDo() {
    assertThat(run(0, 0, number -> number)).isEmpty();
  }
}
