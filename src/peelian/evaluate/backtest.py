"""Rolling-origin backtest: at each origin only what was known then, every forecaster on the same origins."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date

import numpy as np
import numpy.typing as npt

from peelian.domain.contracts import Fitted, Forecaster, PanelAt, Tick, no_tick
from peelian.domain.errors import Fault, Misuse, Refused
from peelian.domain.panel import Panel
from peelian.domain.time import YEAR_PERIODS
from peelian.evaluate.compare import best_by_log_score
from peelian.evaluate.interval import spatial_blocks
from peelian.evaluate.level_rounds import LevelKeeper
from peelian.evaluate.result import BacktestResult
from peelian.evaluate.rounds import Bools, Floats, Rounds, add_up
from peelian.evaluate.summary import Asked, summarise

TruthAt = Callable[[date], tuple[Floats, Bools]]
"""Gives what happened in each window after an origin: counts (H, C) and whether it was observed (H, C)."""


def backtest(
    panel_at: PanelAt,
    truth_at: TruthAt,
    forecasters: Mapping[str, Forecaster],
    origins: Sequence[date],
    *,
    warmup: Sequence[date],
    horizon: int = 1,
    window: int = 1,
    lag: int = 0,
    seed: int = 1,
    refit_every: int = 1,
    block_km: float = 2.0,
    weights: Mapping[str, Floats] | None = None,
    tick: Tick = no_tick,
    kept: Callable[[Rounds], None] = lambda _: None,
) -> BacktestResult:
    """Forecast from each origin, score what then happened, and compare with the rival plain count.

    The rival is the plain count of the best log score on the `warmup` origins, which all lie before the
    window; of several models the candidate is chosen there too. Models are refitted at every
    `refit_every`-th origin and forecast from each. A cell or window whose outcome was not observed is left
    out of every score, never taken for zero. `weights` gives what each cell holds, such as `population` or
    `street length`, for curves of events caught by them; None where it is not known.
    `kept` is given every forecast with what then happened.

    Raises:
        Misuse: no origins, no plain count among the forecasters, or a warm-up origin inside the window.
        Refused: nothing was observed, or nothing happened, so that there is nothing to score.
        Fault: a forecaster gave another shape, or a mean that is no positive number.
    """
    _check(forecasters, origins, warmup)
    first = panel_at(min([*warmup, *origins]), lag)
    usable, skipped = _usable(forecasters, first)
    plain = [name for name, f in usable.items() if f.SPEC.kind == "plain"]
    models = [name for name in usable if name not in plain]
    early = usable if len(models) > 1 else {name: usable[name] for name in plain}
    asked = Asked(horizon, window, lag, seed, block_km)
    warm, _ = _play(panel_at, truth_at, early, warmup, asked, refit_every, _part(tick, "warm-up", 0.0, 0.2))
    played, dropped = _play(
        panel_at, truth_at, usable, origins, asked, refit_every, _part(tick, "", 0.2, 0.85)
    )
    kept(played)
    tick("scoring", 0.85)
    blocks = spatial_blocks(first.grid, first.cells, block_km)
    before = add_up(warm, blocks, list(early))
    rival = best_by_log_score(before, plain)
    candidate = models[0] if len(models) == 1 else best_by_log_score(before, models) if models else None
    events = max(warm.events, 1e-12)
    warm_scores = {m: float(before.log_score[m].sum()) / events for m in early}
    result = summarise(
        played, blocks, first, asked, rival=rival, candidate=candidate, warmup=warm.origins,
        warmup_scores=warm_scores, dropped=dropped, skipped=skipped, weights=weights,
    )  # fmt: skip
    tick("scored", 1.0)
    return result


def _check(forecasters: Mapping[str, Forecaster], origins: Sequence[date], warmup: Sequence[date]) -> None:
    if not origins or not warmup:
        raise Misuse(
            "a backtest needs origins to score and origins before them to choose the rival on",
            do="choose a later --from or a longer history",
        )
    if max(warmup) >= min(origins):
        raise Misuse("a warm-up origin lies inside the window", expected="warm-up origins before the first")
    if not any(f.SPEC.kind == "plain" for f in forecasters.values()):
        raise Misuse("no plain count is among the models", do="add one to --models: it is the rival")


def _usable(
    forecasters: Mapping[str, Forecaster], panel: Panel
) -> tuple[dict[str, Forecaster], tuple[str, ...]]:
    """Set aside what needs a longer history than lies before the first origin, saying so."""
    years = len(panel.starts) / YEAR_PERIODS[panel.every]
    usable = {name: f for name, f in forecasters.items() if f.SPEC.needs_years <= years + 1e-9}
    skipped = tuple(
        f"{f.SPEC.title} needs {f.SPEC.needs_years:g} years of history; {years:.1f} lie before {panel.origin}"
        for name, f in forecasters.items()
        if name not in usable
    )
    if not any(f.SPEC.kind == "plain" for f in usable.values()):
        raise Refused("the history is too short for every plain count", expected="; ".join(skipped))
    return usable, skipped


def _part(tick: Tick, what: str, low: float, high: float) -> Tick:
    def inner(words: str, share: float) -> None:
        tick(f"{what} {words}".strip(), low + share * (high - low))

    return inner


def _play(
    panel_at: PanelAt,
    truth_at: TruthAt,
    forecasters: Mapping[str, Forecaster],
    origins: Sequence[date],
    asked: Asked,
    refit_every: int,
    tick: Tick,
) -> tuple[Rounds, tuple[str, ...]]:
    """Forecast from each origin in order. Origins with nothing observed are dropped, and said."""
    fitted: dict[str, Fitted] = {}
    kept: list[date] = []
    dropped: list[str] = []
    truth: list[tuple[Floats, Bools]] = []
    mean: dict[str, list[npt.NDArray[np.float32]]] = {name: [] for name in forecasters}
    spread: dict[str, list[npt.NDArray[np.float32]]] = {name: [] for name in forecasters}
    panel: Panel | None = None
    keeper: LevelKeeper | None = None
    since = 0
    for k, origin in enumerate(sorted(origins)):
        tick(f"origin {origin}", k / len(origins))
        counts, observed = truth_at(origin)
        if not observed.any():
            dropped.append(f"{origin}: the outcome was not published")
            continue
        panel = panel_at(origin, asked.lag)
        keeper = keeper or LevelKeeper.of(panel)
        refit = since % refit_every == 0
        since += 1
        for name, forecaster in forecasters.items():
            if refit:
                fitted[name] = forecaster.fit(
                    panel, horizon=asked.horizon, window=asked.window, seed=asked.seed
                )
            made = fitted[name].predict(panel)
            _check_shape(name, made.mean, made.dispersion, counts)
            keeper.add(name, made)
            mean[name].append(made.mean.astype(np.float32))
            spread[name].append(made.dispersion.astype(np.float32))
        kept.append(origin)
        truth.append((counts, observed))
    if panel is None or keeper is None:
        raise Refused("no origin has an observed outcome", do="choose origins inside the period covered")
    happened = np.concatenate([c for c, _ in truth]).astype(np.float32)
    seen = np.concatenate([o for _, o in truth])
    rounds = Rounds(
        panel.grid, panel.cells, tuple(kept), np.repeat(np.arange(len(kept)), asked.horizon), happened, seen,
        {name: f.SPEC for name, f in forecasters.items()},
        {m: np.concatenate(v) for m, v in mean.items()},
        {m: np.concatenate(v) for m, v in spread.items()},
        keeper.rounds(list(forecasters), happened, seen),
    )  # fmt: skip
    return rounds, tuple(dropped)


def _check_shape(name: str, mean: Floats, dispersion: Floats, counts: Floats) -> None:
    if mean.shape != counts.shape or dispersion.shape != counts.shape:
        raise Fault(f"model {name} gave shape {mean.shape}", expected=f"{counts.shape}, windows by cells")
    if not (np.isfinite(mean).all() and (mean >= 0).all() and np.isfinite(dispersion).all()):
        raise Fault(f"model {name} gave a mean or dispersion that is no number", expected="0 or more")
