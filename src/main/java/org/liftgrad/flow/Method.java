package org.liftgrad.flow;

import org.liftgrad.kernel.Argument;

/** How a run goes forward in time. */
public sealed interface Method {

  /** The exact flow of a ReLU or leaky ReLU network: series between events, sliding at kinks. */
  static Method exact() {
    return new Exact();
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

  /** The exact flow. */
  record Exact() implements Method {
    @Override
    public String name() {
      return "exact flow";
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
  }
}
