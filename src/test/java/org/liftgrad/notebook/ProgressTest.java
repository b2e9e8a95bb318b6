package org.liftgrad.notebook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ProgressTest {
  private static final long MILLISECOND = 1_000_000L;

  private final List<String> shown = new ArrayList<>();
  private final AtomicLong clock = new AtomicLong();

  private final Front front = new Front() {
    @Override
    public void show(Display display) {
      shown.add("show " + display.text());
    }

    @Override
    public Slot open(Display first) {
      shown.add("open " + first.text());
      return new Slot() {
        @Override
        public void replace(Display display) {
          shown.add(display.text());
        }

        @Override
        public void close(Display last) {
          shown.add("last " + last.text());
        }
      };
    }
  };

  private Progress progress(boolean live) {
    return new Progress("trials", 100, live, front, clock::get);
  }

  @Test
  void updatesAtMostTwiceASecondAndEndsWithoutTimes() {
    try (Progress progress = progress(true)) {
      for (int i = 1; i <= 100; i++) {
        clock.addAndGet(20 * MILLISECOND);
        progress.at(i);
      }
    }
    assertThat(shown).containsExactly("open trials: …", "trials: 25 of 100, 0 s", "trials: 50 of 100, 1 s",
        "trials: 75 of 100, 1 s", "trials: 100 of 100, 2 s", "last trials: 100 of 100");
  }

  @Test
  void endsTheSameWhenQuietAsWhenLive() {
    try (Progress progress = progress(false)) {
      clock.addAndGet(5000 * MILLISECOND);
      progress.at(40);
      progress.at(30);
    }
    assertThat(shown).containsExactly("open trials: …", "last trials: 40 of 100");
  }

  @Test
  void aSummaryEndsItOnce() {
    Progress progress = progress(true);
    progress.close("200 trials, 3 failed");
    progress.close();
    progress.at(5);
    assertThat(shown).containsExactly("open trials: …", "last 200 trials, 3 failed");
  }

  @Test
  void refusesANegativeTotal() {
    assertThatIllegalArgumentException().isThrownBy(() -> Progress.of("trials", -1))
        .withMessage("total must be at least 0 (0: unknown), not -1.");
  }
}
