package org.liftgrad.sweep;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.conf.ParquetConfiguration;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.LocalOutputFile;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type.Repetition;
import org.apache.parquet.schema.Types;

/**
 * A section as a Parquet file: a row a run with the columns of the CSV, the figures of a failed run missing. Dictionary
 * encoding makes repeated values small; it is not compressed, as every codec would bring native code.
 */
final class ParquetExport {

  private ParquetExport() {}

  static long write(LedgerFile ledger, LedgerFile.Section section, Path file) {
    MessageType schema = schema(section);
    return CsvExport.inPlace(
        file,
        beside -> {
          long[] rows = {0};
          try (ParquetWriter<ResultSet> out =
              new Builder(new LocalOutputFile(beside), new Rows(section, schema))
                  .withConf(new PlainParquetConfiguration())
                  .withCompressionCodec(CompressionCodecName.UNCOMPRESSED)
                  .build()) {
            ledger.forEach(
                section, CsvExport.names(section), true,
                row -> {
                  rows[0]++;
                  write(out, row);
                });
          }
          return rows[0];
        });
  }

  private static void write(ParquetWriter<ResultSet> out, ResultSet row) {
    try {
      out.write(row);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static MessageType schema(LedgerFile.Section section) {
    Types.MessageTypeBuilder schema = Types.buildMessage();
    section.keys().forEach(key -> schema.addField(field(key, Repetition.REQUIRED)));
    schema.addField(Types.primitive(PrimitiveTypeName.INT64, Repetition.REQUIRED).named("replicate"));
    section.figures().forEach(figure -> schema.addField(field(figure, Repetition.OPTIONAL)));
    schema.addField(
        Types.primitive(PrimitiveTypeName.BINARY, Repetition.OPTIONAL).as(LogicalTypeAnnotation.stringType()).named("failure"));
    return schema.named("runs");
  }

  private static org.apache.parquet.schema.Type field(Column column, Repetition repetition) {
    return switch (column.type()) {
      case WHOLE -> Types.primitive(PrimitiveTypeName.INT64, repetition).named(column.name());
      case NUMBER -> Types.primitive(PrimitiveTypeName.DOUBLE, repetition).named(column.name());
      case YES_OR_NO -> Types.primitive(PrimitiveTypeName.BOOLEAN, repetition).named(column.name());
      case TEXT ->
          Types.primitive(PrimitiveTypeName.BINARY, repetition).as(LogicalTypeAnnotation.stringType()).named(column.name());
    };
  }

  /** From a row of the ledger to its values. */
  private static final class Rows extends WriteSupport<ResultSet> {
    private final LedgerFile.Section section;
    private final MessageType schema;
    private RecordConsumer out;

    Rows(LedgerFile.Section section, MessageType schema) {
      this.section = section;
      this.schema = schema;
    }

    @Override
    @SuppressWarnings("deprecation") // abstract still
    public WriteContext init(Configuration configuration) {
      return new WriteContext(schema, Map.of());
    }

    @Override
    public WriteContext init(ParquetConfiguration configuration) {
      return new WriteContext(schema, Map.of());
    }

    @Override
    public void prepareForWrite(RecordConsumer consumer) {
      out = consumer;
    }

    @Override
    public void write(ResultSet row) {
      try {
        int place = 1;
        String failure = row.getString(section.keys().size() + section.figures().size() + 2);
        out.startMessage();
        for (Column key : section.keys()) {
          add(place, LedgerFile.value(row, place++, key.type()));
        }
        add(place, row.getLong(place++));
        for (Column figure : section.figures()) {
          if (failure == null) {
            add(place, LedgerFile.value(row, place, figure.type()));
          }
          place++;
        }
        if (failure != null) {
          add(place, failure);
        }
        out.endMessage();
      } catch (SQLException e) {
        throw new IllegalStateException(e);
      }
    }

    private void add(int place, Object value) {
      String name = schema.getFieldName(place - 1);
      out.startField(name, place - 1);
      if (value instanceof Long whole) {
        out.addLong(whole);
      } else if (value instanceof Double number) {
        out.addDouble(number);
      } else if (value instanceof Boolean answer) {
        out.addBoolean(answer);
      } else {
        out.addBinary(Binary.fromString((String) value));
      }
      out.endField(name, place - 1);
    }
  }

  /** What the library asks of its users to make a writer. */
  private static final class Builder extends ParquetWriter.Builder<ResultSet, Builder> {
    private final Rows rows;

    Builder(OutputFile file, Rows rows) {
      super(file);
      this.rows = rows;
    }

    @Override
    protected Builder self() {
      return this;
    }

    @Override
    @SuppressWarnings("deprecation") // abstract still
    protected WriteSupport<ResultSet> getWriteSupport(Configuration configuration) {
      return rows;
    }

    @Override
    protected WriteSupport<ResultSet> getWriteSupport(ParquetConfiguration configuration) {
      return rows;
    }
  }
}
