package org.liftgrad.plot;

import java.awt.Color;

/**
 * The colours of heat maps: viridis (van der Walt and Smith, CC0), which grows evenly in lightness and
 * is read alike by colour-blind readers, between the nine of its colours listed here.
 */
final class Palette {

  /** How many shades a heat map distinguishes. */
  static final int SHADES = 128;

  private static final int[] VIRIDIS = {
    0x440154, 0x472D7B, 0x3B528B, 0x2C728E, 0x21918C, 0x28AE80, 0x5EC962, 0xADDC30, 0xFDE725
  };

  private Palette() {}

  /** All shades, dark to light. */
  static Color[] shades() {
    Color[] shades = new Color[SHADES];
    for (int i = 0; i < SHADES; i++) {
      double place = (double) i / (SHADES - 1) * (VIRIDIS.length - 1);
      int below = Math.min(VIRIDIS.length - 2, (int) place);
      double share = place - below;
      int rgb = 0;
      for (int shift = 16; shift >= 0; shift -= 8) {
        int from = VIRIDIS[below] >> shift & 255;
        int to = VIRIDIS[below + 1] >> shift & 255;
        rgb |= (int) Math.rint(from + share * (to - from)) << shift;
      }
      shades[i] = new Color(rgb);
    }
    return shades;
  }
}
