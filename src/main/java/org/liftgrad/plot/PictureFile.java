package org.liftgrad.plot;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import org.liftgrad.kernel.Argument;
import org.liftgrad.kernel.WholeFile;

/** Pictures in files. */
final class PictureFile {

  private PictureFile() {}

  /** Writes SVG, PNG, PDF, or numbers as CSV where there are some, as the name of the file asks for; missing folders are made. */
  static Path save(Path file, Supplier<Drawing> drawing, String description, Optional<Supplier<String>> data) {
    String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
    byte[] bytes;
    if (name.endsWith(".svg")) {
      String svg = drawing.get().svg(description);
      bytes = ("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" + svg).getBytes(StandardCharsets.UTF_8);
    } else if (name.endsWith(".png")) {
      bytes = drawing.get().png(2);
    } else if (name.endsWith(".pdf")) {
      bytes = drawing.get().pdf();
    } else if (name.endsWith(".csv") && data.isPresent()) {
      bytes = data.get().get().getBytes(StandardCharsets.UTF_8);
    } else {
      String allowed = data.isPresent() ? ".svg, .png, .pdf or .csv" : ".svg, .png or .pdf";
      throw Argument.refused("file", "“" + file + "”", "a name that ends in " + allowed);
    }
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
    WholeFile.write(file, out -> out.write(bytes));
    return file;
  }
}
