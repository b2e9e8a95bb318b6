package org.liftgrad.bench;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.liftgrad.statistics.Numbers;

/**
 * How a run of the benchmarks is set up.
 *
 * @param quick smaller and fewer
 * @param threads for us and for the peers
 * @param folder where everything is written
 * @param peers those that are there
 */
record Setting(boolean quick, int threads, Path folder, List<Peer> peers) {

  /** A peer, if it is there. */
  Optional<Peer> peer(String library) {
    return peers.stream().filter(peer -> peer.library().equals(library)).findFirst();
  }

  /** How often contestants take turns. */
  int rounds() {
    return quick ? 3 : 7;
  }

  /** A line on the terminal. */
  void say(String line) {
    System.out.println("  " + line);
  }

  /** Seconds, or milliseconds and microseconds below, to three digits. */
  static String time(double seconds) {
    if (seconds >= 1 || !(seconds > 0)) {
      return Numbers.rounded(seconds, 3) + " s";
    }
    return seconds >= 1e-3 ? Numbers.rounded(seconds * 1e3, 3) + " ms" : Numbers.rounded(seconds * 1e6, 3) + " µs";
  }
}
