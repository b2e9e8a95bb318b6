package org.liftgrad.flow;

import org.liftgrad.kernel.Argument;

/** How a run goes forward in time. */
public sealed interface Method {

  /** The exact flow of a ReLU or leaky ReLU network: series between events, sliding at kinks. */
  static Method exact() {
    return new Exact(Exact.Course.CHOSEN);
  }

  /**
   * The exact flow, event by event: every event ends a step of the whole network. The way to tolerances down to
   * 1e-14; past a few thousand pairs it is slow.
   */
  static Method eventByEvent() {
    return new Exact(Exact.Course.EVENT_BY_EVENT);
  }

  /**
   * The exact flow, neuron by neuron: over a macro-step every neuron goes through its own events, with the
   * residuals as polynomials in time. For 10⁵ pairs and more, at tolerances down to {@value Exact#LEAST_TOLERANCE}.
   */
  static Method neuronByNeuron() {
    return new Exact(Exact.Course.NEURON_BY_NEURON);
  }

  /** Full-batch gradient descent on p·L with this step: an approximation of first order in the step. */
  static Method descent(double step) {
    return new Descent(step);
  }

  /**
   * The Dormand-Prince 8(5,3) method of Hipparchus, for smooth activations; for ReLU, leaky or not, only on
   * orthogonal inputs, where nothing slides.
   */
  static Method stock() {
    return new Stock();
  }

  /** A short name for provenance and pictures. */
  String name();

  /** What to cite for it, as BibTeX. */
  String citation();

  /**
   * The exact flow.
   *
   * @param course how it is integrated
   */
  record Exact(Course course) implements Method {

    /** The least tolerance at which neuron by neuron is worth asking for. */
    public static final double LEAST_TOLERANCE = 1e-10;

    /** The two ways, which agree to their tolerances. */
    public enum Course {
      /** By the number of pairs and the tolerance: see {@link GradientFlow#tolerance}. */
      CHOSEN,
      /** A step of the whole network an event. */
      EVENT_BY_EVENT,
      /** A macro-step of many events, each of which costs its own neuron. */
      NEURON_BY_NEURON
    }

    @Override
    public String name() {
      return course == Course.NEURON_BY_NEURON ? "exact flow, neuron by neuron" : "exact flow";
    }

    @Override
    public String citation() {
      return """
          @book{filippov1988,
            author = {Filippov, Aleksei F.},
            title = {Differential Equations with Discontinuous Righthand Sides},
            publisher = {Kluwer}, year = {1988}
          }
          @article{jorba2005,
            author = {Jorba, {\\`A}ngel and Zou, Maorong},
            title = {A Software Package for the Numerical Integration of {ODE}s by Means of High-Order {T}aylor Methods},
            journal = {Experimental Mathematics}, volume = {14}, year = {2005}
          }""";
    }

    @Override
    public String toString() {
      return name();
    }
  }

  /**
   * Gradient descent.
   *
   * @param step η, above 0: a step advances the time by η
   */
  record Descent(double step) implements Method {
    /** Refuses a step that is not finite and above 0. */
    public Descent {
      Argument.positive("step", step);
    }

    @Override
    public String name() {
      return "gradient descent, step " + step;
    }

    @Override
    public String citation() {
      return """
          @article{cauchy1847,
            author = {Cauchy, Augustin-Louis},
            title = {M{\\'e}thode g{\\'e}n{\\'e}rale pour la r{\\'e}solution des syst{\\`e}mes d'{\\'e}quations simultan{\\'e}es},
            journal = {Comptes rendus de l'Acad{\\'e}mie des sciences}, volume = {25}, year = {1847}
          }""";
    }

    @Override
    public String toString() {
      return name();
    }
  }

  /** The stock adaptive solver. */
  record Stock() implements Method {
    @Override
    public String name() {
      return "Dormand-Prince 8(5,3)";
    }

    @Override
    public String citation() {
      return """
          @book{hairer1993,
            author = {Hairer, Ernst and N{\\o}rsett, Syvert P. and Wanner, Gerhard},
            title = {Solving Ordinary Differential Equations {I}},
            edition = {2}, publisher = {Springer}, year = {1993}
          }""";
    }

    @Override
    public String toString() {
      return name();
    }
  }
}
