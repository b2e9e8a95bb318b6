package org.liftgrad.theorem;

/** The two papers, by the word that their ids begin with. */
public enum Paper {
  /** Dana, Bach, Pillaud-Vivien, NeurIPS 2025 (arXiv 2502.16977). */
  SHALLOW("shallow", "Convergence of Shallow ReLU Networks on Weakly Interacting Data (Dana, Bach, Pillaud-Vivien 2025)"),
  /** Robin, Scaman, Lelarge, ICLR 2024. */
  LIFTS("lifts", "Random Sparse Lifts (Robin, Scaman, Lelarge 2024)");

  private final String prefix;
  private final String citation;

  Paper(String prefix, String citation) {
    this.prefix = prefix;
    this.citation = citation;
  }

  /** What the ids of its statements and checks begin with, before the slash. */
  public String prefix() {
    return prefix;
  }

  /** Title, authors and year. */
  public String citation() {
    return citation;
  }
}
