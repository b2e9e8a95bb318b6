/**
 * Blueprints: the small graphs that networks are lifted from.
 *
 * <p>A {@link org.liftgrad.blueprint.Blueprint} is a perceptron module: vertices with a
 * {@link org.liftgrad.blueprint.Space} and an {@link org.liftgrad.blueprint.ActivationFunction}, edges with a
 * {@link org.liftgrad.blueprint.MessageFunction} and weights, inputs and outputs.
 *
 * <pre>{@code
 * blueprint("mlp").input("x").constant("one")
 *     .vertex("h1", tanh()).from("x", "one")
 *     .vertex("h2", tanh()).from("h1", "one")
 *     .readout("t").from("h2").build()
 * }</pre>
 *
 * <p>Statements of the first paper that live here: definitions 3.1 and 3.2 ({@link org.liftgrad.blueprint.Bundle},
 * {@link org.liftgrad.blueprint.Section}, {@link org.liftgrad.blueprint.FiniteMap}), 3.3 and 3.4, 4.1.
 */
package org.liftgrad.blueprint;
