package org.liftgrad.kernel;

/** The version of this library, as it stands in every provenance. */
public final class Version {

  private Version() {}

  /** The version that the pom names; a test compares the two. */
  public static String current() {
    return "0.1.0";
  }
}
