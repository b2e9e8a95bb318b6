"""What every peer does: it reads commands from its input, one JSON object a line, and answers each with one line.

    python peer.py torch|jax|scipy THREADS

The problems are .npy files that the Java side wrote; states go back as .npy files. Everything is float64, and a state
is always U with one neuron a row (p×n), flattened, as the Java side numbers its pairs.

A time is that of the work alone: nothing is read, written or compiled while the clock runs.
"""

import json
import os
import sys
import time
from pathlib import Path


class Problem:
    """A start: inputs or their Gram matrix, labels, pre-activations, weights, readout."""

    def __init__(self, folder, numpy):
        folder = Path(folder)

        def read(name):
            file = folder / (name + ".npy")
            return numpy.ascontiguousarray(numpy.load(file)) if file.exists() else None

        self.inputs = read("inputs")
        self.gram = read("gram")
        self.labels = read("labels").ravel()
        self.weights = read("weights")
        self.readout = read("readout").ravel()
        self.preactivations = read("preactivations")  # n×p
        self.points, self.neurons = self.preactivations.shape


def recorded(times, step):
    """Which steps hold the times asked for, and how far into the step each is: descent is linear in between."""
    at = [max(0, min(int(t / step), 10**12)) for t in times]
    return [(k, t - k * step) for k, t in zip(at, times)]


# A machine busy with something else makes libraries whose threads wait spinning a hundred times slower; a clocked piece
# of work is then cut to about so many seconds, and its answer says how much of it was done.
MOST_SECONDS = 20.0


def fitting(count, trial):
    """As many as fit: judged by a trial of three, which also warms up; trial(k) returns the seconds of k."""
    each = max(trial(3) / 3, 1e-9)
    return max(1, min(count, int(MOST_SECONDS / each)))


def clocked(work):
    """A function of k: the seconds of k calls in a row."""

    def run(count):
        begin = time.perf_counter()
        for _ in range(count):
            work()
        return time.perf_counter() - begin

    return run


def main():
    library, threads = sys.argv[1], int(sys.argv[2])
    # The same cores for all, whatever each library thinks of their number.
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:threads])
    for name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
        os.environ[name] = str(threads)
    # What a library prints must not get between the answers.
    answers = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)

    if library == "torch":
        from torch_peer import TorchPeer as Peer
    elif library == "jax":
        from jax_peer import JaxPeer as Peer
    elif library == "scipy":
        from scipy_peer import ScipyPeer as Peer
    else:
        sys.exit(f"{library} is not a peer; it must be torch, jax or scipy.")
    peer = Peer(threads)
    answers.write(json.dumps({"name": peer.name}) + "\n")
    for line in sys.stdin:
        command = json.loads(line)
        try:
            answer = getattr(peer, command.pop("do"))(**command)
        except Exception as failure:  # the Java side says what failed, and goes on without this figure
            answer = {"failed": f"{type(failure).__name__}: {failure}"}
        answers.write(json.dumps(answer) + "\n")


if __name__ == "__main__":
    main()
