/**
 * Quick plots of anything that has a table, in one line; XChart draws them.
 *
 * <p>{@link org.liftgrad.plot.Plot} holds the entry methods, made for a static import; {@link
 * org.liftgrad.plot.Figure} is the picture, an immutable value that becomes SVG, PNG, CSV or a few
 * lines of text.
 *
 * <pre>{@code
 * import static org.liftgrad.plot.Plot.*;
 *
 * plot(run).x("time").y("loss").bound("$L(0)\\,e^{-2Ct/n}$", "bound").logY().yLabel("$L(t)$")
 * plot(table).points("error").logLog().slope(1)
 * histogram(rates).density()
 * heatMap(gram)
 * diagram(blueprint)
 * }</pre>
 *
 * <p>A {@link org.liftgrad.plot.Diagram} is a picture of a graph: a blueprint in the notation of the first paper's figure
 * 3, a lift as in its figures 4 and 5, a bundle and its pullback as in figure 2 (only their captions are known). The layered
 * layout is our own: edges run forwards, nodes of a layer are ordered so that few edges cross, and what has more
 * than 60 vertices is summarised.
 *
 * <p>One style: the palette of Okabe and Ito, told apart by colour-blind readers; a white ground, so
 * that a figure is legible on a dark page too. Titles and the legend are ours, as XChart centres a title over the plot, where
 * a long one leaves the picture, and cuts no name to its room. Lines are thinned to what the eye sees; {@link
 * org.liftgrad.plot.Figure#data} holds every point. No statement of the papers lives here.
 */
package org.liftgrad.plot;
