"""The whole challenge for some categories: choose, back-test, freeze, and score a later file if given."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Final

from peelian.domain.errors import Misuse
from peelian.domain.progress import Tick, no_tick
from peelian.domain.time import period_starts, step
from peelian.evaluate.interval import Interval
from peelian.models import MODELS
from peelian.pipeline.nij.backtest import Scores, Summary, difference, play, summary
from peelian.pipeline.nij.cells import CellTable
from peelian.pipeline.nij.choosing import Chosen, best_grid, choose, fortnights
from peelian.pipeline.nij.entry import Entry, digest_of, freeze
from peelian.pipeline.nij.events import City, read_city, read_events
from peelian.pipeline.nij.modelled import ModelRanker
from peelian.pipeline.nij.ranking import RAW, Ranker
from peelian.pipeline.nij.rules import FLAGGED, HORIZONS, MILE, ORIGIN, Aim, Category, cells_to_flag
from peelian.pipeline.nij.scoring import Score
from peelian.pipeline.nij.tessellation import Tessellation

RAW_SIDE: Final[dict[Aim, float]] = {"pai": 251.0, "pei": 600.0}
"""Side of the raw count's cells by aim, feet, as in the figures to beat."""
_TUNED_FROM_MONTHS: Final = 36
_SCORED_MONTHS: Final = 12


@dataclass(frozen=True)
class Line:
    """One horizon: ours and the raw count at the same origins, and the mean paired difference."""

    horizon: str
    ours: Summary
    raw: Summary
    gain: Interval


@dataclass(frozen=True)
class Block:
    """One category, flagged area and aim: what was chosen before the scored origins, and the lines."""

    category: str
    miles: float
    aim: Aim
    chosen: Chosen
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Rivals:
    """Rankers on one square grid of 250 ft: pooled PAI at some origins before and in the scored year."""

    category: str
    miles: float
    before: dict[str, list[float]]
    scored: dict[str, list[float]]


@dataclass(frozen=True)
class Outcome:
    """Everything the command says. `truth` is by category, square miles and horizon, if a file was given."""

    blocks: list[Block]
    entries: list[Entry]
    digest: str
    rivals: list[Rivals] = field(default_factory=list)
    truth: dict[tuple[str, float, str], Score] = field(default_factory=dict)


def run(
    folder: Path,
    categories: Sequence[Category],
    *,
    truth: Path | None = None,
    aims: Sequence[Aim] = ("pai", "pei"),
    models: Sequence[str] = (),
    origin: date = ORIGIN,
    seed: int = 1,
    tick: Tick = no_tick,
) -> Outcome:
    """Choose on origins before the last year, back-test on its months, freeze from `origin`, then score.

    Nothing of `origin` or later is read from the data folder. The entries are frozen, and their digest is
    known, before `truth` is opened. Each category and flagged area is chosen anew for the entry on all
    origins before `origin`, by the same procedure that the back-test measured.

    Raises:
        Misuse: an unknown model, no such folder, or a truth file for more than one category without a
            `category` column.
        Refused: the folder lacks a file.
    """
    unknown = [name for name in models if name not in MODELS]
    if unknown:
        raise Misuse(f"unknown model {unknown[0]!r}", expected=", ".join(MODELS))
    city = read_city(folder)
    city = City({n: e.between(None, origin) for n, e in city.events.items()}, city.boundary, city.area)
    first, year = step(origin, "month", -_TUNED_FROM_MONTHS), step(origin, "month", -_SCORED_MONTHS)
    months = period_starts(year, _SCORED_MONTHS, "month")
    blocks, entries, rivals = [], [], []
    for k, category in enumerate(categories):
        tick(f"{category.name}: choosing", k / len(categories))
        early = choose(city, category.name, fortnights(first, year), year, seed)
        tick(f"{category.name}: back-test", (k + 0.4) / len(categories))
        for aim in aims:
            blocks += [
                _block(city, category.name, m, aim, early[aim, m], months, origin, seed) for m in FLAGGED
            ]
        if models:
            rivals += _rivals(city, category.name, models, early, first, months, origin)
        tick(f"{category.name}: freezing the entries", (k + 0.6) / len(categories))
        late = choose(city, category.name, fortnights(first, origin), origin, seed)
        for miles in FLAGGED:
            chosen = late["pai", miles]
            table = best_grid(city, category.name, chosen, miles, origin, seed)
            entries.append(freeze(category.name, origin, miles, table, chosen.ranker, city.boundary))
    digest = digest_of(entries)
    found = score_truth(entries, categories, truth, city.area) if truth else {}
    return Outcome(blocks, entries, digest, rivals, found)


def _block(
    city: City,
    category: str,
    miles: float,
    aim: Aim,
    chosen: Chosen,
    months: list[date],
    end: date,
    seed: int,
) -> Block:
    ours = play(
        lambda o: best_grid(city, category, chosen, miles, o, seed),
        chosen.ranker,
        months,
        end,
        miles,
        city.area,
    )
    plain = CellTable.of(Tessellation(RAW_SIDE[aim], RAW_SIDE[aim]), city, category)
    raw = play(lambda _: plain, RAW, months, end, miles, city.area)
    lines = tuple(
        Line(h.name, summary(ours, h), summary(raw, h), difference(ours, raw, h, aim)) for h in HORIZONS
    )
    return Block(category, miles, aim, chosen, lines)


def _rivals(
    city: City, category: str, models: Sequence[str], early: dict[tuple[Aim, float], Chosen], first: date,
    months: list[date], end: date,
) -> list[Rivals]:  # fmt: skip
    square = Tessellation(250.0, 250.0)
    table = CellTable.of(square, city, category)
    covering, _ = square.covering(city.boundary)
    before = period_starts(first, _TUNED_FROM_MONTHS - _SCORED_MONTHS, "month")[::6]
    forecasters = {name: ModelRanker(name, covering) for name in models}
    out = []
    for miles in FLAGGED:
        rankers: dict[str, Ranker] = {
            "raw count": RAW,
            "chosen count": early["pai", miles].ranker,
            **forecasters,
        }
        two: tuple[dict[str, Scores], dict[str, Scores]] = ({}, {})
        for name, ranker in rankers.items():
            two[0][name] = play(lambda _: table, ranker, before, months[0], miles, city.area)
            two[1][name] = play(lambda _: table, ranker, months[::3], end, miles, city.area)
        told = [{n: [summary(s, h).pooled_pai for h in HORIZONS] for n, s in part.items()} for part in two]
        out.append(Rivals(category, miles, told[0], told[1]))
    return out


def score_truth(
    entries: Sequence[Entry], categories: Sequence[Category], path: Path, area: float
) -> dict[tuple[str, float, str], Score]:
    """Score frozen entries on a later file with the same columns.

    Raises:
        Misuse: the file is not there, or holds several categories without a `category` column.
    """
    if not path.is_file():
        raise Misuse("there is no such truth file", expected="a Parquet or CSV file", do="see --truth")
    if len(categories) > 1 and not _has_category(path):
        raise Misuse(
            "the truth file has no column category, and several categories are asked for",
            do="add --category burglary or --category vehicle",
        )
    events = {c.name: read_events(path, c) for c in categories}
    return {
        (e.category, e.miles, h.name): e.scored(events[e.category], e.origin, h.end(e.origin), area)
        for e in entries
        for h in HORIZONS
    }


def _has_category(path: Path) -> bool:
    import polars as pl

    scan = pl.scan_csv(path) if path.suffix == ".csv" else pl.scan_parquet(path)
    return "category" in scan.collect_schema().names()


def to_json(outcome: Outcome) -> dict[str, Any]:
    """Give everything as plain data."""
    blocks = [
        {
            "category": b.category, "square_miles": b.miles, "aim": b.aim, "side_feet": b.chosen.side,
            "cells": cells_to_flag(b.miles, b.chosen.side**2), "ranker": b.chosen.ranker.words(),
            "horizons": [
                {
                    "horizon": x.horizon, "ours": x.ours.to_json(), "raw": x.raw.to_json(),
                    "gain": [round(v, 3) for v in (x.gain.value, x.gain.low, x.gain.high)],
                }
                for x in b.lines
            ],
        }
        for b in outcome.blocks
    ]  # fmt: skip
    truth = [
        {"category": c, "square_miles": m, "horizon": h, "n": s.caught, "N": s.events, "PAI": s.pai,
         "PEI*": s.pei_star}
        for (c, m, h), s in outcome.truth.items()
    ]  # fmt: skip
    entries = [{**e.to_json(), "flagged_square_miles": e.flagged / MILE**2} for e in outcome.entries]
    return {
        "digest": outcome.digest, "backtest": blocks, "entries": entries, "truth": truth,
        "one_grid": [vars(r) for r in outcome.rivals],
    }  # fmt: skip


def write_entries(entries: Sequence[Entry], folder: Path) -> list[Path]:
    """Write each entry as GeoJSON; gives the paths."""
    folder.mkdir(parents=True, exist_ok=True)
    out = []
    for entry in entries:
        path = folder / f"nij-{entry.category}-{round(100 * entry.miles):03d}.geojson"
        path.write_text(entry.geojson())
        out.append(path)
    return out
