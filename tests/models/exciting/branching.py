"""A branching world of known truth: every event brings on average `branching` more, nearby and soon."""

from __future__ import annotations

import numpy as np

from peelian.models.exciting.events import Events, Ground


def world(
    n: int, branching: float, delay: float, width: float, *, seed: int, side: int, days: float = 5 * 365.25
) -> tuple[Events, Ground]:
    """Simulate about n events on a side x side box; `width` in cells; what leaves box or time is lost."""
    draw = np.random.default_rng(seed)
    rate = draw.lognormal(0, 1.2, side * side)
    first = int(n * (1 - branching))
    cell = draw.choice(side * side, first, p=rate / rate.sum())
    x, y = cell % side + draw.random(first), cell // side + draw.random(first)
    t = draw.random(first) * days
    all_x, all_y, all_t = [x], [y], [t]
    while len(x):
        parent = np.repeat(np.arange(len(x)), draw.poisson(branching, len(x)))
        x = x[parent] + draw.normal(0, width, len(parent))
        y = y[parent] + draw.normal(0, width, len(parent))
        t = t[parent] + draw.exponential(delay, len(parent))
        kept = (t < days) & (x >= 0) & (y >= 0) & (x < side) & (y < side)
        x, y, t = x[kept], y[kept], t[kept]
        all_x, all_y, all_t = [*all_x, x], [*all_y, y], [*all_t, t]
    x, y, t = (np.concatenate(v) for v in (all_x, all_y, all_t))
    at = y.astype(np.int64) * side + x.astype(np.int64)
    return Events.of(t, at, days), Ground(np.ones((side, side), bool))
