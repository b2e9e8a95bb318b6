package org.liftgrad.theorem.lifts;

import java.util.List;
import java.util.Map;
import org.liftgrad.theorem.Check;
import org.liftgrad.theorem.ChecksContract;

class MechanicsChecksTest implements ChecksContract {

  private static final Map<String, List<String>> SMALL =
      Map.ofEntries(
          Map.entry("lifts/G1", List.of("widths=8", "grid=5", "runs=1")),
          Map.entry("lifts/G2", List.of("widths=8", "grid=5", "runs=1", "states=4")),
          Map.entry("lifts/G3", List.of("widths=16", "grid=5", "runs=1", "states=4")),
          Map.entry("lifts/G4", List.of("widths=16", "grid=5", "runs=1")),
          Map.entry("lifts/G5", List.of("widths=8", "grid=5", "runs=1")),
          Map.entry("lifts/G6", List.of("widths=16", "grid=5", "steps=50", "runs=1")),
          Map.entry("lifts/G7", List.of("widths=8", "grid=5", "runs=1")),
          Map.entry("lifts/G8", List.of("widths=16", "grid=5", "runs=1")),
          Map.entry("lifts/G9", List.of("widths=64,512", "grid=5", "runs=3")),
          Map.entry("lifts/H10", List.of("widths=128", "grid=5", "runs=2")),
          Map.entry("lifts/H12", List.of("widths=32,256", "grid=5", "runs=800")));

  @Override
  public List<Check> checks() {
    return Mechanics.checks();
  }

  @Override
  public Map<String, List<String>> small() {
    return SMALL;
  }
}
