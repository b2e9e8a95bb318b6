package org.liftgrad.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;

/**
 * What one job gave, kept in a file as soon as it ends: all jobs together take the better part of an hour, and a
 * run of some of them takes the rows of the others from here.
 *
 * @param job its id
 * @param machine the machine and the day
 * @param quick was it a quick run?
 * @param bars its rows
 */
public record Results(String job, String machine, boolean quick, List<Bar> bars) {

  private static final ObjectMapper JSON = new ObjectMapper();

  /** Keeps them, in place of what an earlier run of this job gave. */
  void save(Path folder) throws IOException {
    Path beside = folder.resolve(job + ".json.new");
    JSON.writeValue(beside.toFile(), this);
    Files.move(beside, file(folder, job), StandardCopyOption.REPLACE_EXISTING);
  }

  /** What the last run of a job gave, if there was one of this kind. */
  static Optional<Results> load(Path folder, String job, boolean quick) throws IOException {
    Path file = file(folder, job);
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    return Optional.of(JSON.readValue(file.toFile(), Results.class)).filter(found -> found.quick == quick);
  }

  private static Path file(Path folder, String job) {
    return folder.resolve(job + ".json");
  }
}
