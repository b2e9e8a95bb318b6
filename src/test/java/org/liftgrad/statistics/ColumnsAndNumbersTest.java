package org.liftgrad.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.liftgrad.kernel.RandomStream;
import tech.tablesaw.api.Table;

class ColumnsAndNumbersTest {

  private final Table table =
      Columns.named("time [n]", 0, 0.5).and("points", new int[] {3, 4}).and("verdict", "holds", "fails").table("t");

  @Test
  void aTableHasItsColumns() {
    assertThat(table.name()).isEqualTo("t");
    assertThat(table.columnNames()).containsExactly("time [n]", "points", "verdict");
    assertThat(Columns.values(table, "time")).containsExactly(0, 0.5);
    assertThat(Columns.values(table, "points")).containsExactly(3, 4);
    assertThat(Columns.find(table, "time")).isEqualTo("time [n]");
    assertThat(Columns.isNumeric(table, "verdict")).isFalse();
  }

  @Test
  void valuesAreCopied() {
    double[] values = {1, 2};
    Columns columns = Columns.named("x", values);
    values[0] = 9;
    Table first = columns.table("a");
    Columns.values(first, "x")[1] = 9;
    first.doubleColumn("x").set(1, 9);
    assertThat(Columns.values(columns.table("b"), "x")).containsExactly(1, 2);
    assertThat(columns.and("y", 1, 2)).isNotSameAs(columns);
    assertThat(columns.table("c").columnCount()).isEqualTo(1);
  }

  @Test
  void refusesWhatDoesNotFit() {
    assertThatThrownBy(() -> Columns.named("x", 1, 2).and("y", 1)).hasMessageContaining("the length of column “y” is 1");
    assertThatThrownBy(() -> Columns.named("x", 1).and("X", 1)).hasMessageContaining("a name not taken");
    assertThatThrownBy(() -> Columns.values(table, "loss"))
        .hasMessage("column is “loss”; it must be one of time [n], points, verdict.");
    assertThatThrownBy(() -> Columns.values(table, "verdict")).hasMessageContaining("a column of numbers");
  }

  @Test
  void numbersAreRoundedOnceAndExactly() {
    assertThat(Numbers.rounded(0.05, 4)).isEqualTo("0.05");
    assertThat(Numbers.rounded(1.5e-12, 4)).isEqualTo("1.5e-12");
    assertThat(Numbers.rounded(-12345.678, 4)).isEqualTo("-12350");
    assertThat(Numbers.rounded(1e7, 4)).isEqualTo("1e7");
    assertThat(Numbers.rounded(0, 4)).isEqualTo("0");
    assertThat(Numbers.rounded(Double.NaN, 4)).isEqualTo("NaN");
    assertThat(Numbers.rounded(Double.NEGATIVE_INFINITY, 4)).isEqualTo("-Infinity");
    // The binary number below 0.125 … 2.675 is less than its decimal name: it rounds down.
    assertThat(Numbers.rounded(2.675, 3)).isEqualTo("2.67");
    // Double.toString gave 2.0E-3 and 2.2250738585072014E-308 in different digits on different JDKs.
    assertThat(Numbers.exact(2e-3)).isEqualTo("0.002");
    assertThat(Numbers.exact(2e23)).isEqualTo("2e23");
    assertThat(Numbers.exact(-0.0)).isEqualTo("-0");
  }

  @Test
  void exactNumbersReadBack() {
    RandomStream stream = RandomStream.of(1, "numbers");
    for (int i = 0; i < 20_000; i++) {
      double value = Double.longBitsToDouble(stream.nextLong());
      if (Double.isFinite(value)) {
        assertThat(Double.parseDouble(Numbers.exact(value))).isEqualTo(value);
      }
    }
    assertThat(Double.parseDouble(Numbers.exact(Double.MIN_VALUE))).isEqualTo(Double.MIN_VALUE);
  }
}
