package org.liftgrad.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where peers are installed: they take the steps that our descent takes, on a tiny problem. */
class SameDescentTest {

  private static final String PYTHON = System.getProperty("liftgrad.peers", "");
  private static final Path PROGRAMS = Path.of(System.getProperty("liftgrad.home", "."), "environment", "peers");

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"torch", "jax", "scipy"})
  void theSameStatesToTheLastDigits(String library) {
    assumeFalse(PYTHON.isEmpty(), "no Python with peers: environment/bench --peers fetches them");
    try (Peer peer = Peer.start(PYTHON, PROGRAMS, library, 1, folder).orElseThrow()) {
      assertThat(SameDescent.differences(peer, folder).values()).isNotEmpty().allMatch(each -> each <= 1e-12);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"torch", "jax"})
  void whatCannotBeDoneIsToldAndThePeerGoesOn(String library) {
    assumeFalse(PYTHON.isEmpty(), "no Python with peers: environment/bench --peers fetches them");
    try (Peer peer = Peer.start(PYTHON, PROGRAMS, library, 1, folder).orElseThrow()) {
      org.assertj.core.api.Assertions.assertThatThrownBy(() -> peer.load(folder.resolve("nowhere")))
          .isInstanceOf(Peer.Failure.class);
      assertThat(SameDescent.differences(peer, folder)).isNotEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"torch"})
  void aPythonThatIsNotThereIsNoPeer(String library) {
    assertThat(Peer.start("/no/such/python", PROGRAMS, library, 1, folder)).isEmpty();
  }
}
