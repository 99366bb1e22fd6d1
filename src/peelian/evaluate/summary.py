"""From forecasts and outcomes to the result: every score, interval and the verdict."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from peelian.domain.errors import Refused
from peelian.domain.grid import Cells
from peelian.domain.panel import Panel
from peelian.evaluate.calibration import calibrate
from peelian.evaluate.capture import SHARES, noise_ceiling, pai
from peelian.evaluate.compare import Resampling, hit_gain, leave_one_out, log_gain, resampling
from peelian.evaluate.result import BacktestResult, ByOrigin, Capture, Ceiling, ModelScore
from peelian.evaluate.rounds import Floats, Rounds, Sums, add_up
from peelian.evaluate.verdict import GATE_SHARES, decide


@dataclass(frozen=True)
class Asked:
    """What the backtest was asked for."""

    horizon: int
    window: int
    lag: int
    seed: int
    block_km: float


def summarise(
    rounds: Rounds,
    blocks: Cells,
    panel: Panel,
    asked: Asked,
    *,
    rival: str,
    candidate: str | None,
    warmup: tuple[date, ...],
    warmup_scores: dict[str, float],
    dropped: tuple[str, ...],
    skipped: tuple[str, ...],
) -> BacktestResult:
    """Score every forecaster against the rival and decide who is served.

    Raises:
        Refused: when nothing happened in the windows observed.
    """
    if rounds.events <= 0:
        raise Refused(
            "nothing happened in the windows observed, so nothing can be scored", do="choose more origins"
        )
    sums = add_up(rounds, blocks, list(rounds.specs))
    how = resampling(
        sums, window=asked.window, horizon=asked.horizon, block_km=asked.block_km, seed=asked.seed
    )
    models = tuple(_score(rounds, sums, name, rival, how) for name in rounds.specs)
    by_id = {m.id: m for m in models}
    chosen = by_id[candidate] if candidate else None
    verdict = decide(
        rival=(rival, by_id[rival].title),
        candidate=(chosen.id, chosen.title) if chosen else None,
        gain=chosen.gain if chosen else None,
        hit_gains={c.share: c.gain for c in chosen.capture if c.share in GATE_SHARES} if chosen else {},
        about=about_words(panel.target, panel.every, len(rounds.origins)),
    )
    return BacktestResult(
        panel.target, panel.every, asked.horizon, asked.window, asked.lag, asked.seed, panel.grid.name,
        len(panel.cells), len(panel.cells) * panel.grid.cell_km2, rounds.events, rounds.origins, warmup,
        warmup_scores, models, rival, _ceiling(rounds, verdict.served, asked.seed), verdict, how.words,
        float(1.0 - rounds.observed.mean()), dropped, skipped,
    )  # fmt: skip


def about_words(target: str, every: str, origins: int) -> str:
    """Say what was scored.

    >>> about_words("violence", "month", 6)
    '6 past forecast dates of violence by month'
    """
    return f"{origins} past forecast date{'' if origins == 1 else 's'} of {target} by {every}"


def _score(rounds: Rounds, sums: Sums, name: str, rival: str, how: Resampling) -> ModelScore:
    events = float(sums.events.sum())
    hits = sums.hits[name].sum(axis=2)
    rate = hits.sum(axis=1) / events
    index, best = pai(rate), sums.best.sum(axis=1) / events
    capture = tuple(
        Capture(
            share, float(rate[s]), float(index[s]), float(rate[s] / best[s]),
            hit_gain(sums, name, rival, s, how),
        )
        for s, share in enumerate(SHARES)
    )  # fmt: skip
    per_origin, log_score = sums.events.sum(axis=1), sums.log_score[name].sum(axis=1)
    by_origin = tuple(
        ByOrigin(o, float(per_origin[k]), float(log_score[k]), tuple(float(h) for h in hits[:, k]))
        for k, o in enumerate(rounds.origins)
    )
    spec = rounds.specs[name]
    return ModelScore(
        name, spec.title, spec.kind, float(log_score.sum()) / events, log_gain(sums, name, rival, how),
        capture, calibrate(*rounds.seen(name)), by_origin, leave_one_out(sums, name, rival, rounds.origins),
    )  # fmt: skip


def _ceiling(rounds: Rounds, model: str, seed: int) -> Ceiling:
    """Simulate from the served model's means what the true rates, and perfect foresight, would catch."""
    caught, best, expected = np.zeros(len(SHARES)), np.zeros(len(SHARES)), 0.0
    rng = np.random.default_rng([seed, 11])
    for n in range(len(rounds.counts)):
        seen = rounds.observed[n]
        if not seen.any():
            continue
        mean: Floats = rounds.mean[model][n, seen].astype(float)
        true, most = noise_ceiling(mean, rounds.dispersion[model][n, seen].astype(float), rng)
        caught, best, expected = caught + true, best + most, expected + float(mean.sum())
    of_best = caught / np.maximum(best, 1e-12)
    return Ceiling(model, tuple(float(v) for v in caught / expected), tuple(float(v) for v in of_best))
