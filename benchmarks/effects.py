"""Do the intervals of each method cover, and does nothing stay nothing? Prints tables; a minute or two.

Every method in worlds of its own assumptions (tests/plan/effects/worlds.py): share of 95 % intervals that
cover the truth, share called an effect, mean miss; then rings by size of spill, and power beside it.

    python benchmarks/effects.py [--worlds 1000]
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import numpy as np
from scipy.stats import binomtest
from tests.plan.effects.worlds import WORLDS, judged, ring_world, staggered

from peelian.plan.effects.event_study import event_study
from peelian.plan.effects.power import Study, power


def main() -> None:
    """Print coverage, what is called an effect by chance, and power."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--worlds", type=int, default=1000)
    n = parser.parse_args().worlds
    print(f"{n:,} worlds, seeds 0 to {n - 1}; p: exact binomial against 95 % (cover) and 5 % (called)")
    for name in WORLDS:
        for ratio in (1.0, 0.75):
            covered, called, miss = judged(name, ratio, n)
            p = binomtest(covered, n, 0.95).pvalue
            q = f", p {binomtest(called, n, 0.05).pvalue:.3f}" if ratio == 1.0 else ""
            print(
                f"{name:12} ratio {ratio:.2f}: covers {100 * covered / n:5.1f} % (p {p:.3f}), "
                f"called {100 * called / n:5.1f} %{q}, mean miss {miss:+.4f}"
            )
    for last in (0.4, 1.6):
        misses = []
        for seed in range(min(n, 300)):
            counts, starts, truth = staggered(seed, np.linspace(1, last, 30))
            misses.append(np.log((event_study(counts, starts, brief=True).ratio or np.nan) / truth))
        half = 1.96 * np.std(misses) / np.sqrt(len(misses))
        print(f"staggered, growing to {last}: mean log miss {np.mean(misses):+.4f} ± {half:.4f}")
    for nearby in (0.8, 0.9, 1.0, 1.1, 1.2):
        made = [ring_world(seed, nearby) for seed in range(min(n, 300))]
        up = np.mean([one.change > 0 for one in made])
        clear = np.mean([one.clear for one in made])
        print(f"ring {nearby:.1f} of itself: rises in {100 * up:.0f} %, called in {100 * clear:.1f} %")
    for method in ("event-study", "randomised", "wdd"):
        said = [
            power(Study(np.full(40, 3.0), 20, 12, 6), r, method=method, seed=1) for r in (1, 0.9, 0.8, 0.7)
        ]
        told = ", ".join(f"{one.ratio}: {100 * one.power:.0f} %" for one in said)
        print(f"power of 20 and 20 places, 3 a period, 12 before and 6 after, {method}: {told}")


if __name__ == "__main__":
    main()
