package org.liftgrad.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.convert.GroupRecordConverter;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.io.ColumnIOFactory;
import org.apache.parquet.io.LocalInputFile;
import org.apache.parquet.io.RecordReader;
import org.apache.parquet.schema.MessageType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A Parquet file, read back by its library, holds what the CSV holds. */
class ParquetExportTest {

  @TempDir Path folder;

  @Test
  void aParquetFileHoldsEveryRunWithItsTypes() throws Exception {
    Path ledger = folder.resolve("coins.ledger");
    Sweep.of(Coins.plan()).into(ledger).run();
    Path csv = folder.resolve("coins.csv");
    Path parquet = folder.resolve("coins.parquet");
    Ledger.open(ledger).exportCsv(csv);
    assertThat(Ledger.open(ledger).exportParquet(parquet)).isEqualTo(30);
    assertThat(lines(parquet)).isEqualTo(Files.readAllLines(csv));
    byte[] first = Files.readAllBytes(parquet);
    Ledger.open(ledger).exportParquet(parquet);
    assertThat(Files.readAllBytes(parquet)).as("the same bytes again").isEqualTo(first);
    assertThat(folder.toFile().list()).containsExactlyInAnyOrder("coins.ledger", "coins.csv", "coins.parquet");
  }

  private static List<String> lines(Path file) throws Exception {
    List<String> lines = new ArrayList<>();
    try (ParquetFileReader reader =
        ParquetFileReader.open(new LocalInputFile(file), ParquetReadOptions.builder(new PlainParquetConfiguration()).build())) {
      MessageType schema = reader.getFooter().getFileMetaData().getSchema();
      lines.add(String.join(",", schema.getFields().stream().map(field -> field.getName()).toList()));
      for (PageReadStore pages = reader.readNextRowGroup(); pages != null; pages = reader.readNextRowGroup()) {
        RecordReader<Group> rows = new ColumnIOFactory().getColumnIO(schema).getRecordReader(pages, new GroupRecordConverter(schema));
        for (long row = 0; row < pages.getRowCount(); row++) {
          Group group = rows.read();
          List<String> cells = new ArrayList<>();
          for (int field = 0; field < schema.getFieldCount(); field++) {
            String cell = group.getFieldRepetitionCount(field) == 0 ? "" : group.getValueToString(field, 0);
            cells.add(cell.matches("(?s).*[,\"].*") ? '"' + cell.replace("\"", "\"\"") + '"' : cell);
          }
          lines.add(String.join(",", cells));
        }
      }
    }
    return lines;
  }
}
