"""PyTorch on the CPU: gradient descent by autograd in the inputs' dimension, and by hand in Gram form."""

import time

import numpy
import torch

from peer import Problem, clocked, fitting, recorded


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
        """Full-batch descent on p·L from the start. The clock's answer is seconds and how many steps; states need all."""
        count = steps if save else fitting(steps, lambda k: self._autograd(step, k)[0])
        seconds, weights = self._autograd(step, count)
        if save:
            numpy.save(save, (weights @ self.inputs.T).reshape(1, -1).numpy())
        return {"seconds": seconds, "steps": count}

    def _autograd(self, step, steps):
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
        return time.perf_counter() - begin, weights.detach()

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
        """The same descent in Gram form, clocked; or, where states are asked for, those and no clock."""
        if not save:
            count = fitting(steps, lambda k: self._descent(step, k))
            return {"seconds": self._descent(step, count), "steps": count}
        self._start()
        wanted, states = recorded(times, step), []
        for k in range(steps + 1):
            speed, readout_speed = self._speeds()
            while len(states) < len(wanted) and wanted[len(states)][0] <= k:
                states.append((self.u + wanted[len(states)][1] * speed).numpy().ravel())
            if k < steps:
                self.u.add_(speed, alpha=step)
                self.a.add_(readout_speed, alpha=step)
        numpy.save(save, numpy.array(states) if times else self.u.numpy().reshape(1, -1))
        return {}

    def _descent(self, step, steps):
        self._start()
        begin = time.perf_counter()
        for _ in range(steps):
            speed, readout_speed = self._speeds()
            self.u.add_(speed, alpha=step)
            self.a.add_(readout_speed, alpha=step)
        return time.perf_counter() - begin

    def right_hand_side(self, repeats, save=None):
        """Right-hand sides in Gram form, clocked."""
        self._start()
        run = clocked(self._speeds)
        count = fitting(repeats, run)
        seconds = run(count)
        if save:
            numpy.save(save, self._speeds()[0].numpy().reshape(1, -1))
        return {"seconds": seconds, "steps": count}

    def copy_bandwidth(self, numbers, repeats):
        """Copies of so many float64, clocked: each read once and written once."""
        source = torch.ones(numbers)
        target = torch.empty(numbers)
        run = clocked(lambda: target.copy_(source))
        run(1)
        return {"seconds": run(repeats), "steps": repeats}
