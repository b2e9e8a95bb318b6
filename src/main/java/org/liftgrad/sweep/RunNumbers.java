package org.liftgrad.sweep;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.liftgrad.kernel.Argument;

/** The numbers that the rows of a ledger have in a plan. */
final class RunNumbers {

  /** Takes the number of a run that is in the ledger. */
  interface Taker {
    void take(long run, boolean failed);
  }

  private final Plan plan;
  private final LedgerFile file;
  private final List<Column> axes = new ArrayList<>();
  private final List<Map<Object, Integer>> places = new ArrayList<>();

  RunNumbers(Plan plan, LedgerFile file) {
    this.plan = plan;
    this.file = file;
    for (String axis : plan.axes()) {
      List<Object> values = plan.values(axis);
      Map<Object, Integer> place = new HashMap<>();
      for (int k = 0; k < values.size(); k++) {
        place.put(values.get(k), k);
      }
      axes.add(plan.experiment().parameter(axis).column());
      places.add(place);
    }
  }

  /** Goes through all rows: those of fixed parameters say nothing, so that only the axes are read. */
  void forEach(Taker taker) {
    LedgerFile.Section section = Ledger.section(file);
    List<String> columns = new ArrayList<>(axes.stream().map(Column::name).toList());
    columns.addAll(List.of("replicate", "failure"));
    file.forEach(section, columns, true, row -> taker.take(number(row), row.getString(axes.size() + 2) != null));
  }

  private long number(ResultSet row) throws SQLException {
    long cell = 0;
    for (int k = 0; k < axes.size(); k++) {
      Object value = LedgerFile.value(row, k + 1, axes.get(k).type());
      Integer place = places.get(k).get(value);
      Argument.require(place != null, file.shown() + ", in axis “" + axes.get(k).name() + "” of a run,", value, "one of its plan");
      cell = cell * places.get(k).size() + place;
    }
    long replicate = row.getLong(axes.size() + 1);
    Argument.require(
        replicate >= 0 && replicate < plan.replicates(), file.shown() + ", in a replicate,", replicate, "one of its plan");
    return cell * plan.replicates() + replicate;
  }
}
