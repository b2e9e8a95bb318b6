package org.liftgrad.bench;

import java.util.List;

/** Something that is measured and gives rows of the table. */
interface Job {

  /** Its name after --jobs, such as S1. */
  String id();

  /** Measures. */
  List<Bar> run(Setting setting);
}
