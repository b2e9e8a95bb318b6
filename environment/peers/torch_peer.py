"""PyTorch on the CPU: gradient descent by autograd in the inputs' dimension, and by hand in Gram form."""

import time

import numpy
import torch

from peer import Problem, recorded, timed


class TorchPeer:
    def __init__(self, threads):
        torch.set_num_threads(threads)
        torch.set_default_dtype(torch.float64)
        build = "CUDA build, no device used" if torch.version.cuda else "CPU build"
        self.name = f"PyTorch {torch.__version__} ({build})"

    def load(self, folder):
        p = Problem(folder, numpy)
        self.points, self.neurons = p.points, p.neurons
        self.problem = p
        self.labels = torch.from_numpy(p.labels)
        self.gram = None if p.gram is None else torch.from_numpy(p.gram)
        self.inputs = None if p.inputs is None else torch.from_numpy(p.inputs)
        return {}

    # ---- autograd, as in a first tutorial

    def autograd(self, step, steps, save=None):
        """Full-batch descent on p·L from the start; the seconds of all steps."""
        weights = torch.from_numpy(self.problem.weights.copy()).requires_grad_()
        readout = torch.from_numpy(self.problem.readout.copy()).requires_grad_()
        factor = self.neurons / (2 * self.points)
        begin = time.perf_counter()
        for _ in range(steps):
            prediction = torch.relu(self.inputs @ weights.T) @ readout / self.neurons
            loss = factor * torch.sum((self.labels - prediction) ** 2)
            weights.grad = None
            readout.grad = None
            loss.backward()
            with torch.no_grad():
                weights -= step * weights.grad
                readout -= step * readout.grad
        seconds = time.perf_counter() - begin
        if save:
            with torch.no_grad():
                numpy.save(save, (weights @ self.inputs.T).reshape(1, -1).numpy())
        return {"seconds": seconds}

    # ---- by hand, on the pre-activations

    def _start(self):
        self.u = torch.from_numpy(numpy.ascontiguousarray(self.problem.preactivations.T))
        self.a = torch.from_numpy(self.problem.readout.copy())
        self.active = torch.empty_like(self.u)
        self.share = torch.empty_like(self.u)
        self.speed = torch.empty_like(self.u)

    def _speeds(self):
        """U' (p×n) and a', with as few passes and allocations as eager PyTorch allows."""
        torch.clamp(self.u, min=0, out=self.active)
        residual = self.labels - torch.mv(self.active.T, self.a) / self.neurons
        torch.gt(self.u, 0, out=self.share)
        self.share.mul_(residual)
        self.share.mul_((self.a / self.points)[:, None])
        torch.mm(self.share, self.gram, out=self.speed)
        return self.speed, torch.mv(self.active, residual) / self.points

    def descent(self, step, steps, times=(), save=None):
        """The same descent in Gram form; states at the times asked for, outside the clock."""
        self._start()
        wanted = recorded(times, step)
        states, at, outside = [], 0, 0.0
        begin = time.perf_counter()
        for k in range(steps + 1):
            speed, readout_speed = self._speeds()
            if at < len(wanted) and wanted[at][0] <= k:
                pause = time.perf_counter()
                while at < len(wanted) and wanted[at][0] <= k:
                    states.append((self.u + wanted[at][1] * speed).numpy().ravel())
                    at += 1
                outside += time.perf_counter() - pause
            if k < steps:
                self.u.add_(speed, alpha=step)
                self.a.add_(readout_speed, alpha=step)
        seconds = time.perf_counter() - begin - outside
        if save:
            numpy.save(save, numpy.array(states) if times else self.u.numpy().reshape(1, -1))
        return {"seconds": seconds}

    def right_hand_side(self, repeats, save=None):
        """Seconds a right-hand side in Gram form."""
        self._start()
        seconds, last = timed(self._speeds, repeats)
        if save:
            numpy.save(save, last[0].numpy().reshape(1, -1))
        return {"seconds": seconds}

    def copy_bandwidth(self, numbers, repeats):
        """Bytes a second of a copy of so many float64: read once and written once."""
        source = torch.ones(numbers)
        target = torch.empty(numbers)
        seconds, _ = timed(lambda: target.copy_(source), repeats)
        return {"bytes_per_second": 16 * numbers / seconds}
