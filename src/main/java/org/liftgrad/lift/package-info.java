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
 * lift(mlp)....width("h1", 1024).keeping(network).sparse();    // grown: what was there stays
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
 * <p><b>Running.</b> {@link org.liftgrad.lift.PlainPass} goes vertex by vertex and is what anything faster is tested
 * against.
 *
 * <p>Statements of the first paper that live here: definition 3.5 (lift), 3.6 (full lift), 4.2 (random sparse lift; its
 * edge law is not recovered, so there are two), and the lemmas L1 to L6 of the theory file, which the tests check on
 * thousands of random lifts with what must break them.
 */
package org.liftgrad.lift;
