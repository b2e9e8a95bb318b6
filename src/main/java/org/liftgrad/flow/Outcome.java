package org.liftgrad.flow;

/** What an integrator hands back. */
record Outcome(Ending ending, double time, FlowState state, Statistics statistics) {}
