"""What a backtest found: every forecaster's scores, the verdict, and how it was asked."""

from __future__ import annotations

import json
import math
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from peelian.domain.time import Every
from peelian.evaluate.calibration import Calibration
from peelian.evaluate.capture import SHARES
from peelian.evaluate.compare import LeftOut
from peelian.evaluate.confidence_set import ConfidenceSet
from peelian.evaluate.consistent_origins import Consistency
from peelian.evaluate.diebold_mariano import DieboldMariano
from peelian.evaluate.doubt import LevelDoubt
from peelian.evaluate.hit_curve import Curve
from peelian.evaluate.interval import Interval
from peelian.evaluate.stability import Stability
from peelian.evaluate.verdict import Verdict


@dataclass(frozen=True)
class Capture:
    """Hits at one share of the area: hit rate, PAI, PEI* and the hit rate gained over the rival."""

    share: float
    hit_rate: float
    pai: float
    pei: float
    gain: Interval


@dataclass(frozen=True)
class ByOrigin:
    """One forecaster at one origin: events, log score, hits at each share, ranked probability score."""

    origin: date
    events: float
    log_score: float
    hits: tuple[float, ...]
    ranked_score: float


@dataclass(frozen=True)
class ModelScore:
    """One forecaster. `log_score` is per event, all cells counted; `gain` is over the rival, in nats.

    `ranked` is the ranked probability score per event (lower is better), `ranked_gain` how much lower than
    the rival's. `curves` are by area, then by population or street length where known; `doubt` is by level,
    smallest first; `equal_skill` tests the gain from origin to origin.
    """

    id: str
    title: str
    kind: str
    log_score: float
    gain: Interval
    capture: tuple[Capture, ...]
    calibration: Calibration
    by_origin: tuple[ByOrigin, ...]
    left_out: tuple[LeftOut, ...]
    ranked: float
    ranked_gain: Interval
    curves: tuple[Curve, ...]
    consistency: Consistency
    stability: tuple[Stability, ...]
    doubt: tuple[LevelDoubt, ...]
    equal_skill: DieboldMariano


@dataclass(frozen=True)
class Ceiling:
    """What even the true rates could catch, were the served model's means the truth, at each share."""

    model: str
    hit_rate: tuple[float, ...]
    pei: tuple[float, ...]


@dataclass(frozen=True)
class BacktestResult:
    """Every forecaster over the same origins, and which is served.

    `origins` were scored; `dropped` were not, each with the reason; `skipped` forecasters could not run.
    `not_known` names what no curve could be drawn by, because nobody gave it.
    """

    target: str
    every: Every
    horizon: int
    window: int
    lag: int
    seed: int
    grid: str
    cells: int
    km2: float
    events: float
    origins: tuple[date, ...]
    warmup: tuple[date, ...]
    warmup_scores: dict[str, float]
    models: tuple[ModelScore, ...]
    rival: str
    ceiling: Ceiling
    verdict: Verdict
    intervals: str
    unobserved: float  # share of cell windows left out of the scores
    confidence_set: ConfidenceSet
    dropped: tuple[str, ...] = ()
    skipped: tuple[str, ...] = ()
    not_known: tuple[str, ...] = ()
    shares: tuple[float, ...] = field(default=SHARES)

    def model(self, name: str) -> ModelScore:
        """Give one forecaster's scores."""
        return next(m for m in self.models if m.id == name)

    def to_json(self) -> dict[str, Any]:
        """Give everything as plain values: dates as text, what is not finite as null."""
        out: dict[str, Any] = _plain(asdict(self))
        return out

    def to_parquet(self, path: Path) -> None:
        """Write a row per forecaster and origin; the whole result is JSON in the file's metadata."""
        rows = [
            {
                "model": m.id, "kind": m.kind, "origin": o.origin, "events": o.events,
                "log_score": o.log_score, "ranked_score": o.ranked_score,
            }
            | _tests(m, o.origin)
            | {f"hits_{share:g}": hit for share, hit in zip(self.shares, o.hits, strict=True)}
            for m in self.models
            for o in m.by_origin
        ]  # fmt: skip
        frame = pl.DataFrame(rows)
        frame.write_parquet(path, metadata={"peelian.backtest": json.dumps(self.to_json())})


def _tests(model: ModelScore, origin: date) -> dict[str, float | None]:
    found = next((t for t in model.consistency.by_origin if t.origin == origin), None)
    return {
        "number_at_least": found.outcome.at_least if found else None,
        "number_at_most": found.outcome.at_most if found else None,
        "spatial": found.outcome.spatial if found else None,
        "conditional": found.outcome.conditional if found else None,
        "expected": found.expected if found else None,
    }


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(k): _plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(v) for v in value]
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value
