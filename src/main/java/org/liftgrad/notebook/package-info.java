/**
 * What a notebook cell touches first. {@link org.liftgrad.notebook.Liftgrad} is the one static import: it computes
 * nothing and calls the method of the same meaning in its own room. {@link org.liftgrad.notebook.Displays} says how a value looks,
 * {@link org.liftgrad.notebook.Display} is that look in every form, {@link org.liftgrad.notebook.Front} is where it
 * goes, {@link org.liftgrad.notebook.Progress} keeps the reader company during long work.
 *
 * <p>The library's own types have their looks in {@code ResultDisplays}; a run of a check carries its verdict as a MIME
 * entry of its own, which the report reads. What a lecture measures on an example of its own it states as a {@link
 * org.liftgrad.notebook.Claim}, with a rule that can fail; the report reads that too. A type of yours gets a look in a line:
 *
 * <pre>{@code
 * Displays.standard().register(Walk.class, walk -> Display.text(walk.summary()).withPng(walk.picture()));
 * }</pre>
 *
 * <p>What changes in time is a {@link org.liftgrad.notebook.Film}, which a reader steps through by mouse or keyboard.
 *
 * <p>{@link org.liftgrad.notebook.NotebookKernel} is the only class that knows a kernel (IJava); another kernel would
 * need another such class and nothing else.
 */
package org.liftgrad.notebook;
