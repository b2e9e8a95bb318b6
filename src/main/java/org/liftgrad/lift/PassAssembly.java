package org.liftgrad.lift;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.liftgrad.blueprint.ActivationFunction;
import org.liftgrad.blueprint.Bias;
import org.liftgrad.blueprint.Blueprint;
import org.liftgrad.blueprint.Edge;
import org.liftgrad.blueprint.Free;
import org.liftgrad.blueprint.Linear;
import org.liftgrad.blueprint.PointwiseSum;
import org.liftgrad.blueprint.Vertex;
import org.liftgrad.kernel.Workers;

/** Makes the arrays of {@link Passes} and what works on them, for each edge and fibre the fastest that fits. */
final class PassAssembly {

  /** Numbers of a block: few enough for the smallest cache, many enough for loops over them to be done at full speed. */
  private static final int BLOCK = 1024;

  /** The most vertices of a block. */
  private static final int MOST_ROWS = 64;

  /** Fibres of at most so many vertices are readouts, to which messages are brought rather than fetched. */
  private static final int FEW = 16;

  /** How the messages of an edge are worked on. */
  private enum Kind {
    BIAS,
    SCALAR,
    ANY
  }

  private final Lift lift;
  private final Blueprint blueprint;
  private final int samples;
  private final Rows[] values;
  private final List<List<Rows>> sums = new ArrayList<>();
  /** Over each edge: where the gradients of the sums of its messages stand. */
  private final Rows[] sumGradients;

  private final Rows[] outputGradients;
  private final FibrePass[] fibres;

  /**
   * All that a lift needs.
   *
   * @param samples the most of a batch
   */
  PassAssembly(Lift lift, int samples, EdgePass.Batch batch) {
    this.lift = lift;
    this.samples = samples;
    blueprint = lift.blueprint();
    values = new Rows[blueprint.vertices().size()];
    sumGradients = new Rows[blueprint.edges().size()];
    for (Vertex vertex : blueprint.vertices()) {
      values[vertex.index()] = rows(vertex, vertex.space().dimension());
      sums.add(vertex.activation().map(activation -> sums(vertex, activation)).orElse(List.of()));
      if (vertex.role() == Vertex.Role.CONSTANT) {
        Arrays.fill(values[vertex.index()].data, 1);
      }
    }
    outputGradients =
        blueprint.outputs().stream().map(vertex -> rows(vertex, vertex.space().dimension())).toArray(Rows[]::new);
    fibres = assembled(batch);
  }

  /** The values of each fibre. */
  Rows[] values() {
    return values;
  }

  /** The gradient of the loss with respect to each output fibre. */
  Rows[] outputGradients() {
    return outputGradients;
  }

  /** The computed fibres, in the order of the blueprint. */
  FibrePass[] fibres() {
    return fibres;
  }

  private Rows rows(Vertex vertex, int dimension) {
    return new Rows(lift.fibre(vertex.index()), dimension, samples);
  }

  private List<Rows> sums(Vertex vertex, ActivationFunction activation) {
    List<Rows> rows = new ArrayList<>();
    for (Edge edge : blueprint.incoming(vertex.index())) {
      if (!(activation instanceof PointwiseSum)) {
        rows.add(rows(vertex, edge.message().output().dimension()));
      } else if (rows.isEmpty()) {
        boolean keeps = FibrePass.keepsSums(activation);
        rows.add(keeps ? rows(vertex, vertex.space().dimension()) : values[vertex.index()]);
      }
      sumGradients[edge.index()] = rows.get(rows.size() - 1);
    }
    return rows;
  }

  /** Working arrays of a fibre, for each thread. */
  private Scratch[] scratch(Vertex vertex) {
    int length = vertex.space().dimension() * samples;
    int[] sumLengths = sums.get(vertex.index()).stream().mapToInt(rows -> rows.length(samples)).toArray();
    int longest = Math.max(length, Arrays.stream(sumLengths).max().orElse(0));
    for (Edge edge : blueprint.incoming(vertex.index())) {
      longest = Math.max(longest, values[edge.source()].length(samples));
    }
    for (Edge edge : blueprint.outgoing(vertex.index())) {
      longest = Math.max(longest, sumGradients[edge.index()].length(samples));
    }
    Scratch[] scratch = new Scratch[Workers.threads()];
    for (int thread = 0; thread < scratch.length; thread++) {
      scratch[thread] = new Scratch(height(vertex), length, sumLengths, longest);
    }
    return scratch;
  }

  private Kind kind(Edge edge) {
    if (edge.message() instanceof Linear || edge.message() instanceof Free) {
      return Kind.SCALAR;
    }
    return edge.message() instanceof Bias && !isComputed(edge.source()) ? Kind.BIAS : Kind.ANY;
  }

  private boolean isComputed(int vertex) {
    return blueprint.vertices().get(vertex).role() == Vertex.Role.COMPUTED;
  }

  /** The vertices of a block. */
  private int height(Vertex vertex) {
    int length = Math.max(1, vertex.space().dimension() * samples);
    int wanted = Math.min(MOST_ROWS, (BLOCK + length - 1) / length);
    return Math.min(lift.fibre(vertex.index()), wanted);
  }

  private FibrePass[] assembled(EdgePass.Batch batch) {
    EdgePass[] passes = blueprint.edges().stream().map(this::pass).toArray(EdgePass[]::new);
    List<FibrePass> computed = new ArrayList<>();
    int output = 0;
    for (Vertex vertex : blueprint.vertices()) {
      if (isComputed(vertex.index())) {
        List<Rows> gradients = vertex.output() ? List.of(outputGradients[output++]) : List.of();
        List<Edge> incoming = blueprint.incoming(vertex.index());
        boolean[] weightsOnly = new boolean[incoming.size()];
        for (int k = 0; k < weightsOnly.length; k++) {
          weightsOnly[k] = !isComputed(incoming.get(k).source());
        }
        computed.add(
            new FibrePass(
                vertex.activation().orElseThrow(), height(vertex), values[vertex.index()], sums.get(vertex.index()),
                gradients, incoming.stream().map(edge -> passes[edge.index()]).toList(), weightsOnly,
                blueprint.outgoing(vertex.index()).stream().map(edge -> passes[edge.index()]).toList(), batch,
                scratch(vertex)));
      }
    }
    return computed.toArray(FibrePass[]::new);
  }

  private EdgePass pass(Edge edge) {
    Edges lifted = lift.edges(edge.index());
    int start = lift.blockStart(edge.group());
    Rows gradients = sumGradients[edge.index()];
    if (kind(edge) == Kind.BIAS) {
      return new BiasEdges(lifted, gradients.dimension, start);
    }
    boolean bothWays = isComputed(edge.source());
    // From inputs nobody goes back: their edges are never asked for by source.
    Edges.BySource bySource = bothWays ? lifted.bySource() : Edges.of(1, 1, new int[0], new int[0]).bySource();
    Rows sources = values[edge.source()];
    if (kind(edge) == Kind.ANY) {
      return new MessageEdges(lifted, bySource, edge.message(), sources, gradients, start);
    }
    boolean weighted = edge.message() instanceof Linear;
    ScalarEdges scalar = new ScalarEdges(lifted, bySource, sources, gradients, start, weighted);
    int height = height(blueprint.vertices().get(edge.source()));
    int tasks = FibrePass.tasks(lifted.sources(), height);
    if (!bothWays || lifted.targets() > FEW || tasks == 1) {
      return scalar;
    }
    return new CollectedEdges(
        scalar, bySource, lifted.targets(), gradients.dimension, start, weighted, tasks,
        height, samples);
  }
}
