"""The same world fitted by bstpp (Hawkes_Model, no Cox background, its default triggers), for comparison.

usage: python benchmarks/self_exciting_bstpp.py FILE.npz [STEPS]

FILE comes from self_exciting.py --write; run it in an environment with bstpp, numpy 1, scipy under 1.13 and
pandas under 2.3. Events are laid at random in their cells. bstpp holds every pair of events: keep it small.
"""

from __future__ import annotations

import importlib
import resource
import sys
import time

import numpy as np


def main(path: str, steps: int) -> None:
    """Fit bstpp to the events of a file and print its branching, time and memory."""
    held = np.load(path)
    side, span, n = int(held["side"]), float(held["span"]), len(held["time"])
    draw = np.random.default_rng(0)
    row, column = np.divmod(held["cell"], side)
    table = importlib.import_module("pandas").DataFrame(
        {"X": column + draw.random(n), "Y": row + draw.random(n), "T": held["time"]}
    )
    dist = importlib.import_module("numpyro.distributions")
    priors = {
        "a_0": dist.Normal(0.0, 10.0), "alpha": dist.HalfNormal(1.0), "beta": dist.HalfNormal(2.0),
        "sigmax_2": dist.HalfNormal(0.05),
    }  # fmt: skip # wide: it has no defaults
    model = importlib.import_module("bstpp.main").Hawkes_Model(
        table, np.array([[0.0, side], [0.0, side]]), span, cox_background=False, **priors
    )
    wall, processor = time.perf_counter(), time.process_time()
    model.run_svi(num_steps=steps, lr=0.02, num_samples=200, plot_loss=False)
    wall, processor = time.perf_counter() - wall, time.process_time() - processor
    sample = {
        name: float(np.mean(v)) for name, v in model.samples.items() if np.ndim(v) <= 2 and np.size(v) <= 400
    }
    told = ", ".join(f"{name} {value:.4g}" for name, value in sample.items())
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    print(
        f"bstpp: {n:,} events, {steps} steps: {wall:.1f} s wall, {processor:.1f} s processor, {memory:.1f} GB"
    )
    print(f"posterior means on its own scale (area 1 x 1, time 50; true delay {14 * 50 / span:.3f}, "
          f"variance of a step {(0.8 / side) ** 2:.3g}): {told}")  # fmt: skip


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 2000)
