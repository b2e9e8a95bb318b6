package org.liftgrad.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.liftgrad.lift.LiftedNetwork;

/** Where PyTorch is installed: each of its forms takes the steps that we take, on a small lift. */
class SparseLiftsTest {

  private static final String PYTHON = System.getProperty("liftgrad.peers", "");
  private static final Path PROGRAMS = Path.of(System.getProperty("liftgrad.home", "."), "environment", "peers");

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"gather", "index_add", "sparse"})
  void theSameParametersToTheLastDigits(String form) {
    assumeFalse(PYTHON.isEmpty(), "no Python with peers: environment/bench --peers fetches them");
    try (Peer peer = Peer.start(PYTHON, PROGRAMS, "torch", 1, folder).orElseThrow()) {
      LiftedNetwork network = SparseLifts.network(50, 2);
      SparseLifts.export(network, folder);
      assertThat(SparseLifts.difference(peer, network, form, folder)).isLessThan(1e-12);
    }
  }
}
