package org.liftgrad.blueprint;

/**
 * A message function for whatever space its edge begins in: what {@link BlueprintBuilder#from(String, MessageRule)}
 * takes. For a message of your own, a record {@code Cubed(Space source) implements MessageFunction}, it is
 * {@code Cubed::new}.
 */
@FunctionalInterface
public interface MessageRule {

  /**
   * The message function of an edge.
   *
   * @param source Y_a, the space of the vertex where the edge begins
   * @throws IllegalArgumentException where there is none for this space
   */
  MessageFunction on(Space source);

  /** M(w, y) = w y, one weight for all entries ({@link Linear}). */
  static MessageRule linear() {
    return Linear::new;
  }

  /** M(0, y) = y, without parameters ({@link Free}). */
  static MessageRule free() {
    return Free::new;
  }

  /** M(w, y) = w · the mean of y ({@link Mean}). */
  static MessageRule mean() {
    return Mean::new;
  }

  /** A bias for every entry of a space, from a constant vertex ({@link Bias}). */
  static MessageRule bias(Space output) {
    return source -> new Bias(output);
  }

  /** A kernel along a vector, without stride and padding ({@link Convolution}). */
  static MessageRule convolution(int width) {
    return convolution(Space.of(width), 1, 0);
  }

  /** A kernel on a matrix, without stride and padding ({@link Convolution}). */
  static MessageRule convolution(int height, int width) {
    return convolution(Space.of(height, width), 1, 0);
  }

  /**
   * A kernel ({@link Convolution}).
   *
   * @param kernel the space of kernels, a vector or a matrix
   * @param stride at least 1
   * @param padding at least 0, less than the kernel
   */
  static MessageRule convolution(Space kernel, int stride, int padding) {
    return source -> new Convolution(new Windows(source, kernel, stride, padding));
  }

  /** The mean under each window, window beside window ({@link Pooling}). */
  static MessageRule meanPooling(int size) {
    return pooling(Pooling.Kind.MEAN, size);
  }

  /** The largest entry under each window, window beside window ({@link Pooling}). */
  static MessageRule largestPooling(int size) {
    return pooling(Pooling.Kind.LARGEST, size);
  }

  private static MessageRule pooling(Pooling.Kind kind, int size) {
    return source -> {
      Space window = source.rank() == 1 ? Space.of(size) : Space.of(size, size);
      return new Pooling(kind, new Windows(source, window, size, 0));
    };
  }

  /** Powers of the entries and a count ({@link CountedPower}). */
  static MessageRule countedPower(int power) {
    return source -> new CountedPower(power, source);
  }
}
