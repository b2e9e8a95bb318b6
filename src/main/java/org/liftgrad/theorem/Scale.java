package org.liftgrad.theorem;

import java.util.Locale;
import org.liftgrad.kernel.Argument;

/** How large a run of a check is. Each scale has its own plan, and no plan has a looser rule. */
public enum Scale {
  /** Seconds. */
  QUICK,
  /** The sizes that the theory files name. */
  PAPER,
  /** Past them. */
  BEYOND;

  /**
   * The scale of this name, in any case.
   *
   * @throws IllegalArgumentException for another name
   */
  public static Scale of(String name) {
    for (Scale scale : values()) {
      if (scale.name().equalsIgnoreCase(name.strip())) {
        return scale;
      }
    }
    throw Argument.refused("scale", name, "quick, paper or beyond");
  }

  /** In lower case. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
