package org.liftgrad.statistics;

import tech.tablesaw.api.Table;

/** Anything that has a table: it can be plotted, shown and saved. */
public interface Tabular {

  /** The table; a copy, or one that nobody changes. */
  Table table();
}
