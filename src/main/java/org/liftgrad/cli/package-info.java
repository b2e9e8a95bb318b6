/**
 * The jobs of the library from a shell, behind {@code environment/liftgrad}: {@code check} runs checks of the
 * catalogue, {@code flow} integrates your own data and network, {@code sample} draws data and start exact in law, {@code
 * sweep} runs plans into ledgers.
 *
 * <pre>{@code
 * environment/liftgrad check shallow/T1a --set runs=100 --json
 * environment/liftgrad flow --inputs X.csv --labels y.csv --weights W.csv --readout a.csv --time 60 --output results
 * environment/liftgrad sweep run plan.json --ledger width.ledger
 * }</pre>
 *
 * <p>{@link org.liftgrad.cli.Main} turns every refusal into one sentence on the error stream and exit code 2, and Ctrl-C
 * into one sentence and exit code 130; nothing is then on the output and nothing half-written ({@code OutputFolder}
 * writes beside and renames). A sweep that is interrupted lets its runs come to their end, and keeps them. A fault of ours
 * is one sentence too; {@code LIFTGRAD_DEBUG=1} shows where it was. This and {@code notebook} are the only packages that
 * print.
 */
package org.liftgrad.cli;
