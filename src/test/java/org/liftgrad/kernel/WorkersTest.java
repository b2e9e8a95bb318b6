package org.liftgrad.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class WorkersTest {

  /** More threads than some machines have processors: then they take turns, and nothing else changes. */
  private final Team team = new Team(4);

  @AfterEach
  void end() {
    team.close();
  }

  @Test
  void everyTaskIsDoneOnceWhateverTheirNumber() {
    for (int tasks : new int[] {0, 1, 2, 3, 4, 5, 17, 1000}) {
      AtomicIntegerArray done = new AtomicIntegerArray(tasks);
      team.run(tasks, done::incrementAndGet);
      assertThat(IntStream.range(0, tasks).map(done::get)).allMatch(count -> count == 1);
      Workers.run(tasks, done::incrementAndGet);
      assertThat(IntStream.range(0, tasks).map(done::get)).allMatch(count -> count == 2);
    }
    assertThatThrownBy(() -> Workers.run(-1, task -> {})).hasMessage("tasks is -1; it must be at least 0.");
  }

  @Test
  void aHundredThousandTinyRegionsLoseNothing() {
    long[] sums = new long[7];
    IntConsumer body = task -> sums[task] += task + 1;
    for (int region = 0; region < 100_000; region++) {
      // Different sizes, so that a late thread with an old size would be seen.
      team.run(2 + region % 6, body);
    }
    for (int task = 0; task < 7; task++) {
      int least = Math.max(0, task - 1);
      long regions = IntStream.range(0, 100_000).filter(region -> region % 6 >= least).count();
      assertThat(sums[task]).isEqualTo((task + 1) * regions);
    }
  }

  @Test
  void theThreadsWorkAtTheSameTime() {
    CountDownLatch allHere = new CountDownLatch(4);
    Set<Thread> seen = ConcurrentHashMap.newKeySet();
    team.run(
        4,
        task -> {
          seen.add(Thread.currentThread());
          allHere.countDown();
          awaitQuietly(allHere);
        });
    assertThat(seen).hasSize(4).contains(Thread.currentThread());
    assertThat(seen).filteredOn(thread -> thread != Thread.currentThread()).allMatch(Thread::isDaemon);
  }

  @Test
  void threadsThatSleepAreWoken() throws InterruptedException {
    for (int round = 0; round < 5; round++) {
      theThreadsWorkAtTheSameTime();
      Thread.sleep(20);
    }
  }

  @Test
  void aCallInsideATaskStaysInItsThread() {
    AtomicInteger strangers = new AtomicInteger();
    AtomicInteger done = new AtomicInteger();
    team.run(
        8,
        outer -> {
          Thread here = Thread.currentThread();
          team.run(
              50,
              inner -> {
                done.incrementAndGet();
                strangers.addAndGet(Thread.currentThread() == here ? 0 : 1);
              });
        });
    assertThat(done).hasValue(400);
    assertThat(strangers).hasValue(0);
  }

  @Test
  void whoeverFindsTheWorkersTakenWorksAlone() throws InterruptedException {
    AtomicIntegerArray done = new AtomicIntegerArray(3);
    Thread[] callers = new Thread[3];
    for (int k = 0; k < 3; k++) {
      int caller = k;
      callers[k] =
          new Thread(
              () -> {
                for (int region = 0; region < 5000; region++) {
                  team.run(5, task -> done.incrementAndGet(caller));
                }
              });
      callers[k].start();
    }
    for (Thread caller : callers) {
      caller.join();
    }
    assertThat(IntStream.range(0, 3).map(done::get)).containsOnly(25_000);
  }

  @Test
  void whatATaskThrowsReachesTheCallerAndTheWorkersGoOn() {
    for (int round = 0; round < 200; round++) {
      int bad = round % 9;
      assertThatThrownBy(
              () ->
                  team.run(
                      9,
                      task -> {
                        if (task == bad) {
                          throw new IllegalStateException("task " + bad);
                        }
                      }))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("task " + bad);
    }
    assertThatThrownBy(
            () ->
                team.run(
                    3,
                    task -> {
                      throw new AssertionError("an error");
                    }))
        .isInstanceOf(AssertionError.class);
    everyTaskIsDoneOnceWhateverTheirNumber();
  }

  @Test
  void anInterruptOfTheCallerIsKeptAndTheWorkIsDone() {
    AtomicInteger done = new AtomicInteger();
    Thread caller = Thread.currentThread();
    team.run(
        8,
        task -> {
          if (task == 0) {
            caller.interrupt();
          }
          if (Thread.currentThread() != caller) {
            long until = System.nanoTime() + 5_000_000;
            while (System.nanoTime() < until) {
              Thread.onSpinWait();
            }
          }
          done.incrementAndGet();
        });
    assertThat(done).hasValue(8);
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void aCallAllocatesNothing() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long here = Thread.currentThread().getId();
    double[] places = new double[16];
    IntConsumer body = task -> places[task] += 1;
    long least = Long.MAX_VALUE;
    // The least of several counts: now and then the virtual machine itself allocates in a thread.
    for (int round = 0; round < 20; round++) {
      long before = threads.getThreadAllocatedBytes(here);
      for (int region = 0; region < 1000; region++) {
        Workers.run(16, body);
        team.run(16, body);
      }
      least = Math.min(least, threads.getThreadAllocatedBytes(here) - before);
    }
    // The count itself may take some bytes; a thousandth of an object a call it is not.
    assertThat(least).isLessThan(1000);
  }

  @Test
  void seriallyMeansOneThread() {
    Thread here = Thread.currentThread();
    Workers.serially(
        () -> {
          assertThat(Workers.count()).isEqualTo(1);
          Workers.run(100, task -> assertThat(Thread.currentThread()).isSameAs(here));
          Workers.serially(() -> assertThat(Workers.count()).isEqualTo(1));
          assertThat(Workers.count()).isEqualTo(1);
        });
    assertThat(Workers.serially(() -> "a result")).isEqualTo("a result");
    assertThatThrownBy(
            () ->
                Workers.serially(
                    () -> {
                      throw new IllegalStateException("inside");
                    }))
        .hasMessage("inside");
    assertThat(Workers.count()).isEqualTo(Workers.asked(System.getProperty(Workers.PROPERTY, "")));
  }

  @Test
  void theNumberOfThreadsIsReadStrictly() {
    assertThat(Workers.asked(" 3 ")).isEqualTo(3);
    assertThat(Workers.asked("")).isEqualTo(Runtime.getRuntime().availableProcessors());
    for (String bad : Arrays.asList("0", "-1", "two", "1e3", "1025")) {
      assertThatThrownBy(() -> Workers.asked(bad))
          .hasMessage("liftgrad.workers is " + bad + "; it must be a whole number from 1 to 1024.");
    }
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException interrupted) {
      throw new AssertionError(interrupted);
    }
  }
}
