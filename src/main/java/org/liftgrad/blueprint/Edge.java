package org.liftgrad.blueprint;

/**
 * An edge e = (a, b) of a blueprint.
 *
 * @param index its number in the blueprint; edges that end in one vertex have consecutive ones
 * @param source a, the number of a vertex
 * @param target b, the number of a vertex, larger than a
 * @param message M_e
 * @param group τ(e): the number of its group of parameters, which tied edges have in common
 */
public record Edge(int index, int source, int target, MessageFunction message, int group) {}
