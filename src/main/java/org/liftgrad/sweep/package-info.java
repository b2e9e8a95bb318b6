/**
 * Many runs of an experiment, kept in one file that survives whatever happens to their process.
 *
 * <p>{@link org.liftgrad.sweep.Plan} says what to run, {@link org.liftgrad.sweep.Sweep} runs it into a ledger or goes on
 * where it was left, on an {@link org.liftgrad.sweep.Executor}; {@link org.liftgrad.sweep.Ledger} is what came of it, and
 * {@link org.liftgrad.sweep.Results} makes tables of that. {@link org.liftgrad.sweep.Experiment} is what a run does: those
 * of the library are in {@link org.liftgrad.sweep.Experiments}. {@link org.liftgrad.sweep.KeptRuns} is a ledger for runs
 * that no plan describes; the catalogue's checks keep theirs in one.
 *
 * <pre>{@code
 * Plan plan = Plan.of("shallow-flow").over("points", 20).over("dimension", 400).over("neurons", 2, 4, 8, 16, 32)
 *     .replicates(40).seed(7).record("converged", "time");
 * Sweep.of(plan).into(Path.of("width.ledger")).run();          // killed? then:
 * Sweep.of(plan).into(Path.of("width.ledger")).resume().run();
 * Ledger.open(Path.of("width.ledger")).results().success("converged").threshold("neurons", 0.5)
 * }</pre>
 *
 * <h2>Sameness</h2>
 *
 * <p>The random numbers of a run have an address: the plan's seed, the experiment's name, all values of the run's cell (by
 * the SHA-256 of their text), its replicate, and a purpose. Nothing else of the plan is in it, and so a run stays as it is
 * when values or replicates are added. Rows are in the order of the plan's sorted values, whatever the order of their
 * computation: an export has the same bytes after any history, on any executor. Numbers have one zero and one NaN, since
 * SQLite keeps no other, and CSV has their shortest digits, the same on every JDK.
 *
 * <p>A ledger may be resumed with a plan that adds replicates or values. Every other difference is refused by its name:
 * experiment, its version, parameters, seed, recorded figures, a value that is missing, fewer replicates. So is another path
 * of products. Versions of Liftgrad and Java are recorded for each session, and not refused; {@link
 * org.liftgrad.sweep.Ledger#verify} says whether they matter.
 *
 * <h2>What survives what</h2>
 *
 * <p>A ledger is an SQLite database in WAL mode with {@code synchronous=FULL}: a commit returns when it is on the disk. A
 * run is <em>reported</em> finished only after that. So neither a killed process nor a power cut loses anything that was
 * reported, as far as the disk keeps its word; what had been computed and not yet reported, at most the last tenth of a
 * second, is computed again to the same bytes. Rows are written by one thread, all that came since its last commit
 * together, and at least {@code 100 ms} apart: slow runs have a transaction each, and of a million quick ones some ten
 * thousand share one, at 7 µs a run all in all (most of that is not the disk). The queue is bounded, so that memory is
 * too; beside it there are two bits a run.
 *
 * <p>A new ledger is made beside its place and renamed, so that there is a whole one or none. A full disk, or a limit on
 * the size of files, ends the sweep with a {@link org.liftgrad.sweep.LedgerException}; the transaction that did not fit is
 * undone, and the sweep can be resumed. Before anything is written the pages are checked ({@code quick_check}), the tables
 * must be exactly ours, without a trigger or a view, and SQLite is told to trust no schema. A changed digit inside a row
 * is not noticed by that; {@code verify} of all runs would.
 *
 * <p>One process at a time writes to a ledger; a second one is refused. The lock is the operating system's, on {@code
 * NAME.lock} beside the ledger while a sweep is at work, and ends with its process. A file that a killed process left
 * behind locks nobody out. Locks of network file systems are not to be relied on, for SQLite either. Reading needs no
 * lock, and works while a sweep is at work, or in a folder that cannot be written.
 *
 * <h2>Plan files</h2>
 *
 * <pre>{@code
 * {"format": "liftgrad plan 1",
 *  "experiment": "shallow-flow", "version": 1,
 *  "seed": 7, "replicates": 40,
 *  "axes": {"points": 20, "dimension": [1e2, 1e12], "neurons": [2, 4, 8, 16, 32], "law": "S"},
 *  "record": ["converged", "time"]}
 * }</pre>
 *
 * <p>{@code version} may be left out, and so may {@code seed} and {@code replicates} (1), {@code record} (all figures) and
 * the axes that have a value otherwise. What is unknown, or said twice, is refused.
 *
 * <h2>Spark</h2>
 *
 * <p>{@code org.liftgrad.sweep.spark} in {@code src/spark}, built and fetched by the profile of that name only, sends
 * batches of run numbers to a cluster and takes rows back as they come; the ledger stays with the driver. Batches aim at
 * half a second, so that Spark's ten milliseconds a batch do not matter and a lost worker costs little. Workers receive the
 * library's jars; they find an experiment by its name, so that on a cluster it must be a registered one ({@link
 * org.liftgrad.sweep.ExperimentProvider}). Workers of another version, or on another path of products, are refused.
 * Everything listens on loopback unless told otherwise, members prove themselves with a secret, and what they say is
 * encrypted. What goes over the wire beside Spark's own messages are texts and numbers.
 *
 * <h2>What was tried, and left</h2>
 *
 * <ul>
 *   <li>{@code synchronous=NORMAL} would spare the wait for the disk at each commit, and lose all commits since the last
 *       checkpoint in a power cut, which may be minutes. With ten commits a second there is nothing to spare.
 *   <li>A table of cells and one of runs: half the size, but no order of its own, and a join for whoever opens the ledger
 *       with other tools. Now {@code SELECT * FROM runs} has everything.
 *   <li>{@code locking_mode=EXCLUSIVE} as the lock: no second file, but nobody could look at a sweep at work.
 *   <li>A lock on the ledger's own file by Java: closing any handle of that file drops all of a process's locks on it,
 *       SQLite's too.
 *   <li>Files of finished cells column by column: 3 to 19 % smaller within a cell, 9 % in all, as what fills them are the digits
 *       of measured figures. The largest, T1c's 48,000 runs, has 2.6 MB; with the columns of the whole file side by side it
 *       would have 1.9 MB, five numbers of 8 bytes a run. Not worth a second format.
 *   <li>Parquet through DuckDB is 80 MB of native code, through the reference library 15 MB of Java; its codecs are left
 *       out, since dictionaries already shrink what repeats.
 *   <li>One Spark job for the whole sweep: rows come back only as partitions end, and their size has to be guessed before
 *       anything was run. Many jobs of one batch each cost no more, and their size follows the runs.
 * </ul>
 *
 * <p>No statement of the papers lives here. The picture of a success curve and its threshold by {@link
 * org.liftgrad.statistics.Logistic} are what their experiments need; mind that a logistic curve is a model, and wrong in
 * its tails for the probability of a good start (notebook 30).
 */
package org.liftgrad.sweep;
