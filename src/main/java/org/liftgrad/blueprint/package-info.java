/**
 * Blueprints: the small graphs that networks are lifted from.
 *
 * <p>A {@link org.liftgrad.blueprint.Blueprint} is a perceptron module: at each vertex a
 * {@link org.liftgrad.blueprint.Space} and an {@link org.liftgrad.blueprint.ActivationFunction}, on each edge a
 * {@link org.liftgrad.blueprint.MessageFunction} and weights; inputs, outputs, constants; and a map that ties parameters.
 *
 * <pre>{@code
 * var mlp = blueprint("mlp").input("x").constant("one")
 *     .vertex("h1", tanh()).from("x", "one")
 *     .vertex("h2", tanh()).from("h1", "one")
 *     .readout("t").from("h2").build();
 * Architectures.attention(5, 0.5, causalSoftmax());              // and a dozen others, ready
 * new ActivationMap(mlp, parameters, inputs, batch).outputs();   // the module itself, run forward
 * BlueprintJson.standard().write(mlp);                           // to JSON, and back
 * }</pre>
 *
 * <p><b>Pre-activations live on edges.</b> A vertex takes the tuple of what arrives, one entry for each edge, and its
 * function says what becomes of them: {@link org.liftgrad.blueprint.PointwiseSum} adds them,
 * {@link org.liftgrad.blueprint.Gate} multiplies, {@link org.liftgrad.blueprint.OuterProduct},
 * {@link org.liftgrad.blueprint.RowSoftmax} and {@link org.liftgrad.blueprint.Mix} are attention. A lift adds over
 * lifted edges before that, edge of the blueprint by edge.
 *
 * <p><b>A function of your own</b> is a record with a forward and a reverse rule on rows (a batch innermost); say
 * {@code Cubed::new} to the builder. When the blueprint is built its reverse rule is compared with finite differences
 * ({@link org.liftgrad.blueprint.Derivatives}), and a wrong one is refused. The library's own have a contract test instead.
 *
 * <p>Statements of the first paper that live here: definitions 3.1 and 3.2 ({@link org.liftgrad.blueprint.Bundle},
 * {@link org.liftgrad.blueprint.Section}, {@link org.liftgrad.blueprint.FiniteMap}), 3.3
 * ({@link org.liftgrad.blueprint.Blueprint}), 3.4 ({@link org.liftgrad.blueprint.ActivationMap}), 4.1 (linear readout). Only
 * their names, and the types of 3.3, are the paper's own; see the theory file.
 *
 * <p><b>Decisions.</b> A residual connection is added before the activation, as first published, though the table of the
 * theory file could also be read the other way. Attention scores and the mixing of values are activation functions, not
 * messages: they need two pre-activations. A computed vertex may have no edges if its function takes none; a plain sum
 * of nothing is refused.
 */
package org.liftgrad.blueprint;
