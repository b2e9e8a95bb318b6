"""JAX on the CPU, float64, compiled: gradient descent by autograd in the inputs' dimension, and in Gram form."""

import os
import time
from functools import partial

os.environ.setdefault("JAX_PLATFORMS", "cpu")
os.environ.setdefault("JAX_ENABLE_X64", "1")

import jax
import jax.numpy as jnp
import numpy

from peer import Problem, recorded


@partial(jax.jit, donate_argnums=(0, 1))
def autograd_step(weights, readout, inputs, labels, step):
    def loss(weights, readout):
        prediction = jax.nn.relu(inputs @ weights.T) @ readout / readout.shape[0]
        return readout.shape[0] / (2 * labels.shape[0]) * jnp.sum((labels - prediction) ** 2)

    weights_slope, readout_slope = jax.grad(loss, argnums=(0, 1))(weights, readout)
    return weights - step * weights_slope, readout - step * readout_slope


def speeds(u, a, gram, labels):
    """U' (p×n) and a'."""
    active = jnp.maximum(u, 0)
    residual = labels - a @ active / a.shape[0]
    share = jnp.where(u > 0, residual, 0) * (a / labels.shape[0])[:, None]
    return share @ gram, active @ residual / labels.shape[0]


right_hand_side = jax.jit(speeds)


@jax.jit
def gram_step(u, a, gram, labels, step):
    u_speed, a_speed = speeds(u, a, gram, labels)
    return u + step * u_speed, a + step * a_speed


class JaxPeer:
    def __init__(self, threads):
        self.name = f"JAX {jax.__version__}"

    def load(self, folder):
        p = Problem(folder, numpy)
        self.problem = p
        self.labels = jnp.asarray(p.labels)
        self.gram = None if p.gram is None else jnp.asarray(p.gram)
        self.inputs = None if p.inputs is None else jnp.asarray(p.inputs)
        return {}

    def autograd(self, step, steps, save=None):
        """Full-batch descent on p·L from the start; the seconds of all steps."""

        def run(count):
            weights, readout = jnp.array(self.problem.weights), jnp.array(self.problem.readout)
            begin = time.perf_counter()
            for _ in range(count):
                weights, readout = autograd_step(weights, readout, self.inputs, self.labels, step)
            weights.block_until_ready()
            return time.perf_counter() - begin, weights

        run(1)  # compiles
        seconds, weights = run(steps)
        if save:
            numpy.save(save, numpy.asarray(weights @ self.inputs.T).reshape(1, -1))
        return {"seconds": seconds}

    def descent(self, step, steps, times=(), save=None):
        """The same descent in Gram form; states at the times asked for."""
        wanted = recorded(times, step)

        def run(count, keep):
            u, a = jnp.asarray(self.problem.preactivations.T), jnp.asarray(self.problem.readout)
            states, at = [], 0
            begin = time.perf_counter()
            for k in range(count + 1):
                while keep and at < len(wanted) and wanted[at][0] <= k:
                    slope, _ = right_hand_side(u, a, self.gram, self.labels)
                    states.append(numpy.asarray(u + wanted[at][1] * slope).ravel())
                    at += 1
                if k < count:
                    u, a = gram_step(u, a, self.gram, self.labels, step)
            u.block_until_ready()
            return time.perf_counter() - begin, states, u

        run(1, False)  # compiles
        seconds, states, u = run(steps, bool(times))
        if save:
            numpy.save(save, numpy.array(states) if times else numpy.asarray(u).reshape(1, -1))
        return {"seconds": seconds}

    def right_hand_side(self, repeats, save=None):
        """Seconds a right-hand side in Gram form."""
        u, a = jnp.asarray(self.problem.preactivations.T), jnp.asarray(self.problem.readout)
        call = partial(right_hand_side, u, a, self.gram, self.labels)
        call()[0].block_until_ready()
        begin = time.perf_counter()
        for _ in range(repeats):
            last = call()
        last[0].block_until_ready()
        last[1].block_until_ready()
        seconds = (time.perf_counter() - begin) / repeats
        if save:
            numpy.save(save, numpy.asarray(last[0]).reshape(1, -1))
        return {"seconds": seconds}
