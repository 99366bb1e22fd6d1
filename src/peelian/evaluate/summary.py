"""From forecasts and outcomes to the result: every score, interval and the verdict."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np

from peelian.domain.errors import Refused
from peelian.domain.grid import Cells
from peelian.domain.panel import Panel
from peelian.evaluate.calibration import calibrate
from peelian.evaluate.capture import SHARES, noise_ceiling, pai
from peelian.evaluate.compare import Resampling, hit_gain, leave_one_out, log_gain, resampling
from peelian.evaluate.confidence_set import ConfidenceSet, confidence_set
from peelian.evaluate.consistent_origins import consistency
from peelian.evaluate.diebold_mariano import DieboldMariano, diebold_mariano
from peelian.evaluate.doubt import level_doubt
from peelian.evaluate.hit_curve import curves
from peelian.evaluate.interval import FEW_ORIGINS
from peelian.evaluate.ranked import ranked_sums
from peelian.evaluate.result import BacktestResult, ByOrigin, Capture, Ceiling, ModelScore
from peelian.evaluate.rounds import Floats, Rounds, Sums, add_up
from peelian.evaluate.stability import stability
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
    weights: Mapping[str, Floats] | None = None,
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
    ranked = ranked_sums(rounds, blocks, list(rounds.specs))
    scored = _Scored(rounds, sums, ranked, rival, how, asked, weights or {})
    models = tuple(_score(scored, name) for name in rounds.specs)
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
        float(1.0 - rounds.observed.mean()), _set(sums, how, asked.seed), dropped, skipped,
        tuple(name for name in ("population", "street length") if name not in (weights or {})),
    )  # fmt: skip


def about_words(target: str, every: str, origins: int) -> str:
    """Say what was scored.

    >>> about_words("violence", "month", 6)
    '6 past forecast dates of violence by month'
    """
    return f"{origins} past forecast date{'' if origins == 1 else 's'} of {target} by {every}"


@dataclass(frozen=True, eq=False)
class _Scored:
    """What every forecaster's figures are made from."""

    rounds: Rounds
    sums: Sums
    ranked: dict[str, Floats]
    rival: str
    how: Resampling
    asked: Asked
    weights: Mapping[str, Floats]


def _score(given: _Scored, name: str) -> ModelScore:
    rounds, sums, rival, asked = given.rounds, given.sums, given.rival, given.asked
    spec, events = rounds.specs[name], float(sums.events.sum())
    ranked = given.ranked[name]
    doubts = (level_doubt(level, name, asked.seed) for level in rounds.levels)
    return ModelScore(
        name, spec.title, spec.kind, float(sums.log_score[name].sum()) / events,
        log_gain(sums, name, rival, given.how), _capture(given, name), calibrate(*rounds.seen(name)),
        _by_origin(given, name), leave_one_out(sums, name, rival, rounds.origins),
        float(ranked.sum()) / events, given.how.interval(given.ranked[rival] - ranked, sums.events),
        curves(rounds, name, given.weights), consistency(rounds, name, window=asked.window, seed=asked.seed),
        stability(rounds, name), tuple(one for one in doubts if one is not None), _equal_skill(given, name),
    )  # fmt: skip


def _capture(given: _Scored, name: str) -> tuple[Capture, ...]:
    sums = given.sums
    events = float(sums.events.sum())
    rate = sums.hits[name].sum(axis=(1, 2)) / events
    index, best = pai(rate), sums.best.sum(axis=1) / events
    return tuple(
        Capture(
            share, float(rate[s]), float(index[s]), float(rate[s] / best[s]),
            hit_gain(sums, name, given.rival, s, given.how),
        )
        for s, share in enumerate(SHARES)
    )  # fmt: skip


def _by_origin(given: _Scored, name: str) -> tuple[ByOrigin, ...]:
    sums = given.sums
    hits = sums.hits[name].sum(axis=2)
    events, log_score = sums.events.sum(axis=1), sums.log_score[name].sum(axis=1)
    ranked = given.ranked[name].sum(axis=1)
    return tuple(
        ByOrigin(
            o, float(events[k]), float(log_score[k]), tuple(float(h) for h in hits[:, k]), float(ranked[k])
        )
        for k, o in enumerate(given.rounds.origins)
    )


def _equal_skill(given: _Scored, name: str) -> DieboldMariano:
    score = given.sums.log_score
    if name == given.rival:
        return DieboldMariano(float("nan"), float("nan"), 0, "it is the rival")
    if len(given.rounds.origins) < FEW_ORIGINS:
        return DieboldMariano(float("nan"), float("nan"), 0, _too_few(len(given.rounds.origins)))
    gain = score[name].sum(axis=1) - score[given.rival].sum(axis=1)
    return diebold_mariano(gain, given.asked.window + given.asked.horizon - 1)


def _set(sums: Sums, how: Resampling, seed: int) -> ConfidenceSet:
    origins = sums.events.shape[0]
    if origins < FEW_ORIGINS:
        return ConfidenceSet((), {}, _too_few(origins))
    return confidence_set({m: s.sum(axis=1) for m, s in sums.log_score.items()}, how.length, seed)


def _too_few(origins: int) -> str:
    """Say why a test from origin to origin is not made (design: from 24)."""
    return f"needs {FEW_ORIGINS} forecast dates, and {origins} were scored"


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
