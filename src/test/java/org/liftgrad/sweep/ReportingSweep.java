package org.liftgrad.sweep;

import java.nio.file.Path;

/** A sweep in a process of its own, which says a line whenever runs are finished: the plan, the ledger, the workers. */
final class ReportingSweep {

  private ReportingSweep() {}

  public static void main(String[] arguments) {
    Sweep.of(Plan.read(Path.of(arguments[0])))
        .into(Path.of(arguments[1]))
        .beginOrResume()
        .workers(Integer.parseInt(arguments[2]))
        .progress(progress -> {
          System.out.println(progress.finished());
          System.out.flush();
        })
        .run();
  }
}
