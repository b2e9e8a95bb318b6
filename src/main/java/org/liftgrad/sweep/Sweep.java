package org.liftgrad.sweep;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.liftgrad.kernel.Argument;
import org.liftgrad.statistics.Numbers;

/**
 * Runs a plan into a ledger, or goes on where it was left. Immutable; every method returns another sweep.
 *
 * <pre>{@code
 * SweepProgress end = Sweep.of(plan).into(Path.of("width.ledger")).run();
 * }</pre>
 *
 * <p>An interrupt of the calling thread stops the sweep when the runs at work have come to their end; a second one ends
 * those too, and they are computed again by a later sweep. Either way {@link #run} returns what is in the ledger, and
 * the thread's interrupt flag is set.
 */
public final class Sweep {

  /** The name of the one section of a sweep's ledger. */
  static final String SECTION = "runs";

  private enum Begin { NEW, RESUME, EITHER }

  private final Plan plan;
  private final Optional<Path> ledger;
  private final Begin begin;
  private final Executor executor;
  private final boolean retryingFailed;
  private final long most;
  private final Consumer<SweepProgress> listener;
  private final BooleanSupplier stop;

  private Sweep(
      Plan plan, Optional<Path> ledger, Begin begin, Executor executor, boolean retryingFailed, long most,
      Consumer<SweepProgress> listener, BooleanSupplier stop) {
    this.plan = plan;
    this.ledger = ledger;
    this.begin = begin;
    this.executor = executor;
    this.retryingFailed = retryingFailed;
    this.most = most;
    this.listener = listener;
    this.stop = stop;
  }

  /** Of this plan, on all cores of this machine. */
  public static Sweep of(Plan plan) {
    return new Sweep(
        plan, Optional.empty(), Begin.NEW, Executor.allCores(), false, Long.MAX_VALUE, progress -> {}, () -> false);
  }

  /** The ledger: a new file, unless {@link #resume} or {@link #beginOrResume} is said. */
  public Sweep into(Path file) {
    return new Sweep(plan, Optional.of(file), begin, executor, retryingFailed, most, listener, stop);
  }

  /** Goes on with a ledger that is there. The plan may add replicates and values to the one that it was begun with. */
  public Sweep resume() {
    return new Sweep(plan, ledger, Begin.RESUME, executor, retryingFailed, most, listener, stop);
  }

  /** Goes on with the ledger where it is there, and begins it where not. */
  public Sweep beginOrResume() {
    return new Sweep(plan, ledger, Begin.EITHER, executor, retryingFailed, most, listener, stop);
  }

  /** Where the runs are computed. */
  public Sweep on(Executor other) {
    return new Sweep(plan, ledger, begin, other, retryingFailed, most, listener, stop);
  }

  /** On so many threads of this JVM. */
  public Sweep workers(int number) {
    return on(Executor.workers(number));
  }

  /** Computes again what failed before; what then comes out takes its place. */
  public Sweep retryFailed() {
    return new Sweep(plan, ledger, begin, executor, true, most, listener, stop);
  }

  /** Computes so many runs and stops; a later sweep goes on. */
  public Sweep atMost(long runs) {
    return new Sweep(
        plan, ledger, begin, executor, retryingFailed, Argument.positive("atMost", runs), listener, stop);
  }

  /** Heard by this when runs are in the ledger: some ten times a second at most, from one other thread. */
  public Sweep progress(Consumer<SweepProgress> heard) {
    return new Sweep(plan, ledger, begin, executor, retryingFailed, most, heard, stop);
  }

  /** Stops when this says so; it is asked before every run, from any thread. */
  public Sweep stopWhen(BooleanSupplier asked) {
    return new Sweep(plan, ledger, begin, executor, retryingFailed, most, listener, asked);
  }

  /** The plan. */
  public Plan plan() {
    return plan;
  }

  /**
   * The ledger.
   *
   * @throws IllegalArgumentException where it has not been said
   */
  public Path ledger() {
    return ledger.orElseThrow(() -> Argument.refused("ledger", "not said", "said, as in into(path)"));
  }

  /**
   * Runs it.
   *
   * @return how far the ledger is
   * @throws IllegalArgumentException before anything is changed: for a ledger that is there and should not be or is not
   *     and should, is in use, damaged, of another format, another plan or another path of products
   * @throws LedgerException where the ledger can no longer be written; what was reported finished is kept
   */
  public SweepProgress run() {
    Path asked = ledger();
    String shown = LedgerFile.shown(asked);
    Path path = LedgerFile.real(asked);
    refuseUnlessFits(path, shown);
    plan.runs(); // refuses a parameter that has to be said and is not
    try (Executor.Crew crew = executor.open(plan);
        LedgerLock lock = LedgerLock.take(path, shown)) {
      refuseUnlessFits(path, shown);
      LedgerFile.Section section = section();
      if (!Files.exists(path)) {
        LedgerFile.create(lock, List.of(section));
      }
      try (LedgerFile file = LedgerFile.toWrite(lock)) {
        return run(file, section, crew, shown);
      }
    }
  }

  private void refuseUnlessFits(Path path, String shown) {
    boolean there = Files.exists(path);
    Argument.require(!there || begin != Begin.NEW, "ledger", shown + ", which exists", "a new file, unless the sweep is to resume");
    Argument.require(there || begin != Begin.RESUME, "ledger", shown + ", which does not exist", "an existing one to resume");
  }

  private LedgerFile.Section section() {
    return new LedgerFile.Section(
        SECTION, plan.text(), plan.experiment().parameters().stream().map(Parameter::column).toList(), plan.recorded());
  }

  private SweepProgress run(LedgerFile file, LedgerFile.Section section, Executor.Crew crew, String shown) {
    Plan earlier = Ledger.plan(file);
    plan.requireExtends(earlier, shown);
    file.requireSameProducts();
    Finished finished = Finished.of(file, plan);
    if (!earlier.text().equals(plan.text())) {
      file.extend(section, plan.text());
    }
    long session = file.beginSession(section, executor.name());
    Runs runs = new Runs(finished);
    try {
      try (LedgerWriter writer = new LedgerWriter(file, section, session, retryingFailed, runs::committed)) {
        runs.writer = writer;
        listener.accept(runs.progress());
        crew.execute(runs);
      } finally {
        Experiments.forget(runs.lent);
      }
    } catch (LedgerException full) {
      throw new LedgerException(
          full.getMessage().replaceAll("\\.$", "") + "; " + runs.progress().counts() + " are kept, and the sweep can be resumed.",
          full);
    }
    return runs.progress();
  }

  /** Which runs of a plan are in a ledger. */
  record Finished(BitSet done, BitSet failed) {

    /** Reads the keys only, and of those only the axes; the rows of a million runs take a second or two. */
    static Finished of(LedgerFile file, Plan plan) {
      BitSet done = new BitSet();
      BitSet failed = new BitSet();
      RunNumbers numbers = new RunNumbers(plan, file);
      numbers.forEach((run, hasFailed) -> (hasFailed ? failed : done).set((int) run));
      return new Finished(done, failed);
    }
  }

  /** The work of one call of {@link #run}. */
  private final class Runs implements Executor.Work {
    private final String lent = Experiments.lend(plan.experiment());
    private final long total = plan.runs();
    private final BitSet left = new BitSet((int) total);
    private final BitSet failedBefore;
    private final long toTake;
    private volatile boolean stopped;
    private volatile LedgerWriter writer;
    // Guarded by this.
    private int next;
    private long taken;
    private long done;
    private long failed;
    private long here;
    private long first;
    private long firstAt;

    Runs(Finished finished) {
      left.set(0, (int) total);
      left.andNot(finished.done());
      if (!retryingFailed) {
        left.andNot(finished.failed());
      }
      toTake = Math.min(most, left.cardinality());
      failedBefore = finished.failed();
      done = finished.done().cardinality();
      failed = finished.failed().cardinality();
    }

    @Override
    public String planText() {
      return Batch.text(plan, lent);
    }

    @Override
    public long[] take(int number) {
      if (stopped || stop.getAsBoolean()) {
        return new long[0];
      }
      synchronized (this) {
        long[] runs = new long[(int) Math.min(number, toTake - taken)];
        int found = 0;
        while (found < runs.length) {
          next = left.nextSetBit(next);
          runs[found++] = next++;
        }
        taken += found;
        return runs;
      }
    }

    @Override
    public void compute(long run) {
      hand(plan.compute(run));
    }

    @Override
    public double finished(byte[] batch) {
      double seconds = 0;
      for (Outcome outcome : Batch.read(batch, plan)) {
        hand(outcome);
        seconds += outcome.seconds();
      }
      return seconds;
    }

    @Override
    public synchronized long left() {
      return toTake - taken;
    }

    private void hand(Outcome outcome) {
      writer.put(
          new LedgerWriter.Entry(
              plan.cell(outcome.run()), (int) (outcome.run() % plan.replicates()), outcome.values(),
              outcome.failure().orElse(null), outcome.seconds(), outcome.run()));
    }

    /** In the writer's thread. */
    private void committed(List<LedgerWriter.Entry> rows) {
      synchronized (this) {
        for (LedgerWriter.Entry row : rows) {
          boolean again = failedBefore.get((int) row.number());
          failed += (row.failure() == null ? 0 : 1) - (again ? 1 : 0);
          done += row.failure() == null ? 1 : 0;
          here++;
        }
        if (first == 0) {
          // What an executor takes to get ready says nothing of the rest.
          first = here;
          firstAt = System.nanoTime();
        }
      }
      listener.accept(progress());
    }

    synchronized SweepProgress progress() {
      double rate = here == first ? 0 : (here - first) / ((System.nanoTime() - firstAt) * 1e-9);
      return new SweepProgress(total, done, failed, here, rate);
    }

    @Override
    public void stop() {
      stopped = true;
    }
  }

  /** What will run, and where to. */
  @Override
  public String toString() {
    return "a sweep of " + plan.experiment().name() + ", " + Numbers.counted(plan.runs(), "run")
        + ledger.map(file -> ", into " + file.getFileName()).orElse("; into(...) says where to") + "; run() runs it";
  }
}
