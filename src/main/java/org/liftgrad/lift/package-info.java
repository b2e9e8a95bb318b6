/**
 * Lifts: networks as graphs over a blueprint.
 *
 * <p>A {@link org.liftgrad.lift.Lift} is a graph with a homomorphism to a blueprint, kept fibre by fibre and, over each
 * edge of the blueprint, as {@link org.liftgrad.lift.Edges}. With parameters it is a
 * {@link org.liftgrad.lift.LiftedNetwork}, which a {@link org.liftgrad.lift.LiftBuilder} draws:
 *
 * <pre>{@code
 * var network = lift(mlp).fibre("x", "r", "g", "b").fibre("t", 4).width("h1", 512).width("h2", 512)
 *     .inDegree(2).weights(normal(1.5)).seed(7).sparse();
 * network.predict(inputs);
 * lift(mlp).fibre("x", "r", "g", "b").fibre("t", 4).width("h1", 1024).width("h2", 512)
 *     .inDegree(2).keeping(network).sparse();                   // grown: what was there stays
 * network.within(fullLift);                                     // the same function, masked
 * LiftMorphism.inclusion(small, large);                         // and other homomorphisms over the blueprint
 * ArchitectureLifts.attention(blueprint, 8, 2, 4).full();       // the usual networks
 * }</pre>
 *
 * <p><b>Structure.</b> {@link org.liftgrad.lift.Homomorphism} checks a map of graphs and names the edge that it fails on;
 * {@link org.liftgrad.lift.LiftMorphism} is one between lifts of a blueprint: fibrations pull parameters back,
 * inclusions push them forward, permutations of fibres renumber. {@link org.liftgrad.lift.Lift#module} makes a lift a
 * blueprint again, so that lifts can be lifted.
 *
 * <p><b>Laws.</b> {@link org.liftgrad.lift.EdgeLaw} (fixed in-degree and Bernoulli, each in two forms),
 * {@link org.liftgrad.lift.ParameterLaw} (with full support, with atoms, with a hole),
 * {@link org.liftgrad.lift.ReadoutLaw}, {@link org.liftgrad.lift.WidthSchedule}.
 *
 * <p><b>Running.</b> {@link org.liftgrad.lift.Passes} runs a lift forward and in reverse over the samples of a
 * {@link org.liftgrad.lift.Regression}, on flat arrays, one pass over the lifted edges of each edge of the blueprint, on
 * all cores, with the same bits on any number of them. {@link org.liftgrad.lift.PlainPass} goes vertex by vertex and is
 * what it is tested against. {@link org.liftgrad.lift.TangentFeatures} says how far a tangent step gets (section 2 of
 * the theory file); training is in {@code flow.LiftTraining}.
 *
 * <pre>{@code
 * new Passes(network.lift(), Regression.onGrid(11, 2, x -> x[0] * x[1])).gradient(parameters, gradient);
 * }</pre>
 *
 * <p><b>Witnesses.</b> A witness is a small network. {@link org.liftgrad.lift.Coverage} finds its copies in time linear
 * in edges, and those that survive a move; {@link org.liftgrad.lift.CopyLaw} predicts how many there are;
 * {@link org.liftgrad.lift.Influence} says how many a move can break, and breaks them as an adversary would.
 *
 * <pre>{@code
 * Coverage.of(network, witness, 0.5).copies("h2", 0);
 * var lifts = lift(mlp).fibre("x", 3).fibre("t", 1).width("h1", 512).width("h2", 512).inDegree(2).weights(uniform(-2, 2));
 * CopyLaw.of(lifts, witness, 0.5).atLeastOne("h2", 0);
 * }</pre>
 *
 * <p><b>What was tried for the passes, and what it gave</b> (a step of x → h1 → h2 → t with 2·10⁵ hidden vertices and a
 * batch of 128, JDK 17, one core of a shared AMD Zen 4; user time, as the machine was never quiet):
 *
 * <ul>
 *   <li>Stretches of flat arrays in the inner loops: the compiler (C2) does one number at a time, as it cannot know that
 *       stretches do not overlap. Rows copied to the beginning of arrays of their own: four times as fast.
 *   <li>The k-th in-edges of all vertices of a block fetched together: 305 ms. All edges of a block in bursts of 16 rows:
 *       253 ms, as more fetches are under way at a time; touching their cache lines before copying them: 236 ms. Huge
 *       pages ({@code -XX:+UseTransparentHugePages}): another 12 ms.
 *   <li>tanh row by row (128 numbers): 1.7 to 2.4 ns a number. A block of 1024 at a time: 1.3 to 1.5 ns.
 *   <li>Readouts fetched once more after the layer below is done cost a pass over memory; collected while its rows are at
 *       hand, nothing.
 *   <li>Gradients of sums in place of values: a third less memory, and no more to write.
 *   <li>Batches cut so small that fibres fit into the last cache: rows of 16 numbers, too short for the compiler's loops.
 * </ul>
 *
 * <p>Statements of the first paper that live here: definition 3.5 (lift), 3.6 (full lift), 4.2 (random sparse lift; its
 * edge law is not recovered, so there are two), and the lemmas L1 to L6 of the theory file, which the tests check on
 * thousands of random lifts with what must break them.
 */
package org.liftgrad.lift;
