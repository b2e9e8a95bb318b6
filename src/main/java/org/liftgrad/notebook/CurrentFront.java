package org.liftgrad.notebook;

/** Holds the front in use: an interface cannot hold a variable. Until a kernel comes, plain text is printed. */
final class CurrentFront {
  static volatile Front front = new Front() {
    @Override
    public void show(Display display) {
      System.out.println(display.text());
    }

    @Override
    public Slot open(Display first) {
      return new Slot() {
        @Override
        public void replace(Display display) {
          // A terminal's log would fill up with old states; only the last one is worth a line.
        }

        @Override
        public void close(Display last) {
          show(last);
        }
      };
    }
  };

  private CurrentFront() {}
}
