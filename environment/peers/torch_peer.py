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

    # ---- sparse lifts: x → h1 → h2 → t with biases, tanh, every hidden vertex with k parents

    def load_lift(self, folder):
        def read(name):
            return torch.from_numpy(numpy.ascontiguousarray(numpy.load(f"{folder}/{name}.npy")))

        self.lift_sources = [read("sources-h1").long(), read("sources-h2").long()]
        self.lift_parameters = read("parameters").ravel()
        self.lift_targets = read("targets").ravel()
        self.lift_inputs = read("inputs").reshape(-1, len(self.lift_targets))
        return {}

    def lift_step(self, form, step, steps, save=None):
        """Steps of descent on the mean squared residual, clocked; or the parameters after all of them, and no clock."""
        layer = {"gather": self._gathered, "index_add": self._index_added, "sparse": self._sparse}[form]()
        if save:
            numpy.save(save, self._lift_steps(layer, step, steps)[1].reshape(-1, 1).numpy())
            return {}
        count = fitting(steps, lambda k: self._lift_steps(layer, step, k)[0])
        return {"seconds": self._lift_steps(layer, step, count)[0], "steps": count}

    def _lift_steps(self, layer, step, steps):
        n1, n2 = (len(sources) for sources in self.lift_sources)
        k1, k2 = (sources.shape[1] for sources in self.lift_sources)
        sizes = [n1 * k1, n1, n2 * k2, n2, n2, 1]
        # In the order of the blocks: x → h1, its biases, h1 → h2, its biases, readout, its bias.
        parts = [part.clone().requires_grad_() for part in torch.split(self.lift_parameters, sizes)]
        weights1, bias1, weights2, bias2, readout, bias = parts
        begin = time.perf_counter()
        for _ in range(steps):
            h1 = torch.tanh(layer(0, self.lift_inputs, weights1, bias1))
            h2 = torch.tanh(layer(1, h1, weights2, bias2))
            loss = torch.mean((readout @ h2 + bias - self.lift_targets) ** 2)
            loss.backward()
            with torch.no_grad():
                for part in parts:
                    part -= step * part.grad
                    part.grad = None
        return time.perf_counter() - begin, torch.cat([part.detach() for part in parts])

    def _gathered(self):
        def layer(number, values, weights, bias):
            sources = self.lift_sources[number]
            return torch.einsum("vk,vkb->vb", weights.view(sources.shape), values[sources]) + bias[:, None]

        return layer

    def _index_added(self):
        targets = [torch.arange(s.shape[0]).repeat_interleave(s.shape[1]) for s in self.lift_sources]

        def layer(number, values, weights, bias):
            messages = weights[:, None] * values[self.lift_sources[number].ravel()]
            return bias[:, None].expand(-1, values.shape[1]).index_add(0, targets[number], messages)

        return layer

    def _sparse(self):
        """Sparse matrices by CSR, with a gradient of our own: autograd's wants a dense one of 10¹⁰ entries."""
        patterns = [SparsePattern(s, n) for s, n in zip(self.lift_sources, [len(self.lift_inputs), len(self.lift_sources[0])])]

        def layer(number, values, weights, bias):
            return SparseLayer.apply(patterns[number], values, weights) + bias[:, None]

        return layer

    def copy_bandwidth(self, numbers, repeats):
        """Copies of so many float64, clocked: each read once and written once."""
        source = torch.ones(numbers)
        target = torch.empty(numbers)
        run = clocked(lambda: target.copy_(source))
        run(1)
        return {"seconds": run(repeats), "steps": repeats}


class SparsePattern:
    """Where the entries of a lift's matrix are, by row and, transposed, by column."""

    def __init__(self, sources, columns):
        self.rows, degree = sources.shape
        self.columns = columns
        self.starts = torch.arange(self.rows + 1) * degree
        self.sources = sources.ravel()
        self.targets = torch.arange(self.rows).repeat_interleave(degree)
        self.order = torch.argsort(self.sources, stable=True)
        counts = torch.bincount(self.sources, minlength=columns)
        self.transposed_starts = torch.cat([torch.zeros(1, dtype=torch.long), torch.cumsum(counts, 0)])
        self.transposed_targets = self.targets[self.order]

    def matrix(self, weights):
        return torch.sparse_csr_tensor(self.starts, self.sources, weights, (self.rows, self.columns))

    def transposed(self, weights):
        return torch.sparse_csr_tensor(
            self.transposed_starts, self.transposed_targets, weights[self.order], (self.columns, self.rows)
        )


class SparseLayer(torch.autograd.Function):
    @staticmethod
    def forward(context, pattern, values, weights):
        context.pattern = pattern
        context.save_for_backward(values, weights)
        return pattern.matrix(weights) @ values

    @staticmethod
    def backward(context, gradient):
        values, weights = context.saved_tensors
        pattern = context.pattern
        to_values = pattern.transposed(weights) @ gradient if context.needs_input_grad[1] else None
        to_weights = (gradient[pattern.targets] * values[pattern.sources]).sum(1)
        return None, to_values, to_weights
