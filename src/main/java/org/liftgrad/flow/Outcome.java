package org.liftgrad.flow;

import java.util.Optional;

/**
 * What an integrator hands back.
 *
 * @param checkpoint the last boundary between steps, with what the recorder had then; none where the method
 *     cannot be taken up again
 */
record Outcome(
    Ending ending, double time, FlowState state, Statistics statistics, Optional<Payload> checkpoint) {}
