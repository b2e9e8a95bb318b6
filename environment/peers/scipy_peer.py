"""SciPy's Dormand-Prince 8(5,3) on the pre-activations and the readout: what a stock adaptive solver does here."""

import time

import numpy
import scipy
from scipy.integrate import DOP853

from peer import Problem, clocked, fitting


class ScipyPeer:
    def __init__(self, threads):
        self.name = f"SciPy {scipy.__version__} DOP853, NumPy {numpy.__version__}"

    def load(self, folder):
        self.problem = Problem(folder, numpy)
        return {}

    def _start(self):
        p = self.problem
        return numpy.concatenate([p.preactivations.T.ravel(), p.readout])

    def _speeds(self, _, state):
        p = self.problem
        u = state[: p.points * p.neurons].reshape(p.neurons, p.points)
        a = state[p.points * p.neurons :]
        active = numpy.maximum(u, 0)
        residual = p.labels - a @ active / p.neurons
        share = (u > 0) * residual
        share *= (a / p.points)[:, None]
        speeds = numpy.empty_like(state)
        numpy.matmul(share, p.gram, out=speeds[: u.size].reshape(u.shape))
        numpy.matmul(active, residual, out=speeds[u.size :])
        speeds[u.size :] /= p.points
        return speeds

    def adaptive(self, tolerance, until, budget, times=(), save=None):
        """To the time asked for, or as far as so many seconds lead; states at the times reached."""
        solver = DOP853(self._speeds, 0.0, self._start(), until, rtol=tolerance, atol=tolerance)
        size = self.problem.points * self.problem.neurons
        states = []
        begin = time.perf_counter()
        steps = 0
        while solver.status == "running" and time.perf_counter() - begin < budget:
            if solver.step() is not None:
                break
            steps += 1
            if len(states) < len(times) and times[len(states)] <= solver.t:
                between = solver.dense_output()
                while len(states) < len(times) and times[len(states)] <= solver.t:
                    states.append(between(times[len(states)])[:size])
        seconds = time.perf_counter() - begin
        if save:
            numpy.save(save, numpy.array(states))
        return {
            "seconds": seconds, "reached": solver.t, "finished": solver.status == "finished",
            "steps": steps, "evaluations": solver.nfev, "states": len(states),
        }

    def right_hand_side(self, repeats, save=None):
        """Right-hand sides in Gram form, clocked."""
        start = self._start()
        run = clocked(lambda: self._speeds(0, start))
        count = fitting(repeats, run)
        seconds = run(count)
        if save:
            size = self.problem.points * self.problem.neurons
            numpy.save(save, self._speeds(0, start)[:size].reshape(1, -1))
        return {"seconds": seconds, "steps": count}
