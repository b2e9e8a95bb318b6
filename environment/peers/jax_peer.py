"""JAX on the CPU, float64, compiled: gradient descent by autograd in the inputs' dimension, and in Gram form."""

import os
import time
from functools import partial

os.environ.setdefault("JAX_PLATFORMS", "cpu")
os.environ.setdefault("JAX_ENABLE_X64", "1")

import jax
import jax.numpy as jnp
import numpy

from peer import Problem, fitting, recorded


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
        """Full-batch descent on p·L from the start. The clock's answer is seconds and how many steps; states need all."""
        self._autograd(step, 1)  # compiles
        count = steps if save else fitting(steps, lambda k: self._autograd(step, k)[0])
        seconds, weights = self._autograd(step, count)
        if save:
            numpy.save(save, numpy.asarray(weights @ self.inputs.T).reshape(1, -1))
        return {"seconds": seconds, "steps": count}

    def _autograd(self, step, steps):
        weights, readout = jnp.array(self.problem.weights), jnp.array(self.problem.readout)
        begin = time.perf_counter()
        for _ in range(steps):
            weights, readout = autograd_step(weights, readout, self.inputs, self.labels, step)
        weights.block_until_ready()
        return time.perf_counter() - begin, weights

    def _start(self):
        return jnp.asarray(self.problem.preactivations.T), jnp.asarray(self.problem.readout)

    def descent(self, step, steps, times=(), save=None):
        """The same descent in Gram form, clocked; or, where states are asked for, those and no clock."""
        if not save:
            self._descent(step, 1)  # compiles
            count = fitting(steps, lambda k: self._descent(step, k))
            return {"seconds": self._descent(step, count), "steps": count}
        wanted, states = recorded(times, step), []
        u, a = self._start()
        for k in range(steps + 1):
            while len(states) < len(wanted) and wanted[len(states)][0] <= k:
                speed, _ = right_hand_side(u, a, self.gram, self.labels)
                states.append(numpy.asarray(u + wanted[len(states)][1] * speed).ravel())
            if k < steps:
                u, a = gram_step(u, a, self.gram, self.labels, step)
        numpy.save(save, numpy.array(states) if times else numpy.asarray(u).reshape(1, -1))
        return {}

    def _descent(self, step, steps):
        u, a = self._start()
        begin = time.perf_counter()
        for _ in range(steps):
            u, a = gram_step(u, a, self.gram, self.labels, step)
        u.block_until_ready()
        return time.perf_counter() - begin

    def right_hand_side(self, repeats, save=None):
        """Right-hand sides in Gram form, clocked."""
        u, a = self._start()

        def run(count):
            begin = time.perf_counter()
            for _ in range(count):
                last = right_hand_side(u, a, self.gram, self.labels)
            last[0].block_until_ready()
            last[1].block_until_ready()
            return time.perf_counter() - begin

        run(1)  # compiles
        count = fitting(repeats, run)
        seconds = run(count)
        if save:
            numpy.save(save, numpy.asarray(right_hand_side(u, a, self.gram, self.labels)[0]).reshape(1, -1))
        return {"seconds": seconds, "steps": count}
