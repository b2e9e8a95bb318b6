package org.liftgrad.data;

import java.util.Arrays;
import org.liftgrad.kernel.Argument;

/**
 * A partition of the points into groups, for the group initialisation of the second paper (weakly
 * interacting data, section 4.2). Immutable.
 */
public final class Groups {

  private final int[] groupOf;
  private final int count;

  private Groups(int[] groupOf, int count) {
    this.groupOf = groupOf;
    this.count = count;
  }

  /**
   * Groups whose sizes differ by one at most: point i is in group i mod {@code count}, so that the
   * first points of a data set are spread over the groups as all of them are.
   *
   * @param count the number of groups, 1 … points
   */
  static Groups even(int count, int points) {
    Argument.positive("groups", count);
    Argument.require(count <= points, "groups", count, "at most the number of points " + points);
    int[] groupOf = new int[points];
    Arrays.setAll(groupOf, i -> i % count);
    return new Groups(groupOf, count);
  }

  /**
   * Groups as given.
   *
   * @param groupOf for each point the number of its group, from 0; every number up to the largest is used
   */
  public static Groups of(int... groupOf) {
    Argument.require(groupOf.length >= 1, "the number of points in groups", groupOf.length, "at least 1");
    int count = 0;
    for (int i = 0; i < groupOf.length; i++) {
      Argument.require(
          groupOf[i] >= 0 && groupOf[i] < groupOf.length,
          "the group of point " + i, groupOf[i], "between 0 and " + (groupOf.length - 1));
      count = Math.max(count, groupOf[i] + 1);
    }
    Groups groups = new Groups(groupOf.clone(), count);
    int[] sizes = groups.sizes();
    for (int g = 0; g < count; g++) {
      Argument.require(sizes[g] >= 1, "the size of group " + g, sizes[g], "at least 1");
    }
    return groups;
  }

  /** The number of groups. */
  public int count() {
    return count;
  }

  /** The number of points. */
  public int points() {
    return groupOf.length;
  }

  /** The group of a point. */
  public int of(int point) {
    return groupOf[point];
  }

  /** How many points each group has. */
  public int[] sizes() {
    int[] sizes = new int[count];
    for (int group : groupOf) {
      sizes[group]++;
    }
    return sizes;
  }

  /** The points of a group, in order. */
  public int[] members(int group) {
    return java.util.stream.IntStream.range(0, groupOf.length).filter(i -> groupOf[i] == group).toArray();
  }

  /** The same groups on the first points alone; refused where a group would be left empty. */
  Groups first(int points) {
    return of(Arrays.copyOf(groupOf, points));
  }

  /** Gives every label the sign of the first label of its group. */
  double[] alignSigns(double[] labels) {
    double[] sign = new double[count];
    double[] aligned = labels.clone();
    for (int i = 0; i < labels.length; i++) {
      int group = groupOf[i];
      if (sign[group] == 0) {
        sign[group] = Math.signum(labels[i]);
      }
      aligned[i] = sign[group] * Math.abs(labels[i]);
    }
    return aligned;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Groups groups && Arrays.equals(groupOf, groups.groupOf);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(groupOf);
  }

  @Override
  public String toString() {
    return count + " groups of sizes " + Arrays.toString(sizes());
  }
}
