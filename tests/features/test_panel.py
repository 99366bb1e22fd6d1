from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from peelian.domain.errors import Misuse, Refused
from peelian.domain.grid import BRITISH_NATIONAL_GRID_250 as GRID
from peelian.domain.panel import Panel
from peelian.domain.target import FEATURE_GROUPS, TARGETS
from peelian.domain.time import london_midnight, step
from peelian.features.mask import cells_within
from peelian.features.panel import build_panel
from tests.features.ledger import covered, ledger

LATE = datetime(2030, 1, 1, tzinfo=UTC)
CELLS = cells_within(GRID, np.array([400_100.0]), np.array([200_100.0]), 1000.0)
MIDDLE = int(np.searchsorted(CELLS, 800 * GRID.columns + 1600))


def at(day: str, hour: int = 12) -> datetime:
    return datetime.fromisoformat(f"{day}T{hour:02d}:00:00+00:00")


def build(events: pl.DataFrame, coverage: pl.DataFrame | None = None, **other: Any) -> Panel:
    options: dict[str, Any] = {
        "grid": GRID, "cells": CELLS, "target": TARGETS["violence"], "types": FEATURE_GROUPS,
        "every": "month", "start": date(2022, 1, 1), "origin": date(2022, 4, 1), "as_of": LATE,
    }  # fmt: skip
    whole = covered(date(2020, 1, 1), date(2024, 1, 1), *FEATURE_GROUPS)
    return build_panel(events, whole if coverage is None else coverage, **(options | other))


def test_counts_by_hand() -> None:
    panel = build(
        ledger(
            [
                {"start": at("2022-01-03")},
                {"start": at("2022-01-09"), "n": 3},
                {"start": at("2022-03-31", 22)},  # 23:00 in London: still March
                {"start": at("2022-03-31", 23)},  # midnight in London: April, so not read
                {"start": at("2022-02-01"), "easting": None, "northing": None},
                {"start": at("2022-02-01"), "easting": 500_000.0},  # off the mask
                {"start": at("2022-02-02"), "group": "asb"},
                {"start": at("2022-02-02"), "group": "drugs", "scope": "display"},
            ]
        )
    )
    assert panel.types == ("violence", "asb")
    assert panel.counts[0, :, MIDDLE].tolist() == [4, 0, 1]
    assert panel.counts[0].sum() == 5
    assert panel.elsewhere[0].tolist() == [0, 2, 0]
    assert panel.counts[1, :, MIDDLE].tolist() == [0, 1, 0]
    assert panel.observed.all()


def test_an_interval_is_shared_by_its_length_and_the_part_after_the_origin_is_dropped() -> None:
    rows = ledger(
        [
            {"start": at("2022-01-31", 12), "end": at("2022-02-01", 12)},
            {
                "start": at("2022-03-30", 23),
                "end": at("2022-04-03", 23),
            },  # one of four days before the origin
        ]
    )
    panel = build(rows)
    assert panel.counts[0, :, MIDDLE].tolist() == pytest.approx([0.5, 0.5, 0.25])


def test_a_gap_month_is_missing_and_not_zero() -> None:
    rows = ledger([{"start": at("2022-02-10")}])  # a stray row in a month that was never delivered
    parts = [covered(date(2022, 1, 1), date(2022, 2, 1), "violence"),
             covered(date(2022, 3, 1), date(2022, 4, 1), "violence")]  # fmt: skip
    panel = build(rows, pl.concat(parts))
    assert panel.observed[0, :, 0].tolist() == [True, False, True]
    assert panel.counts[0].sum() == 0


def test_a_period_half_delivered_is_missing_until_the_other_half_comes() -> None:
    first = covered(date(2022, 1, 1), date(2022, 1, 16), "violence")
    rest = covered(date(2022, 1, 16), date(2022, 4, 1), "violence")
    empty = ledger([{"start": at("2022-01-03")}])
    assert build(empty, first).observed[0, :, 0].tolist() == [False, False, False]
    assert build(empty, pl.concat([first, rest])).observed[0, :, 0].tolist() == [True, True, True]


def test_coverage_not_yet_available_counts_for_nothing() -> None:
    late = covered(date(2022, 3, 1), date(2022, 4, 1), "violence", at=london_midnight(date(2022, 6, 1)))
    early = covered(date(2022, 1, 1), date(2022, 3, 1), "violence")
    rows = ledger([{"start": at("2022-01-03")}])
    panel = build(rows, pl.concat([early, late]), as_of=london_midnight(date(2022, 4, 1)))
    assert panel.observed[0, :, 0].tolist() == [True, True, False]


def test_lag_withholds_the_last_periods() -> None:
    panel = build(ledger([{"start": at("2022-03-03")}, {"start": at("2022-01-03")}]), lag=2)
    assert panel.observed[0, :, 0].tolist() == [True, False, False]
    assert panel.counts[0].sum(axis=1).tolist() == [1, 0, 0]


def test_public_places_leave_out_homes_and_keep_the_unknown() -> None:
    known = {"start": at("2022-01-03"), "setting": "public", "domestic": "no", "sexual": "no"}
    rows = [
        known | change for change in ({}, {"setting": "dwelling"}, {"domestic": "yes"}, {"sexual": "yes"})
    ]
    panel = build(ledger(rows))
    assert panel.counts[0].sum() == 1
    assert panel.marks_known
    mixed = build(ledger([{"start": at("2022-01-03")}, known]))
    assert mixed.counts[0].sum() == 2
    assert not mixed.marks_known


def test_knife_violence_counts_the_likely_and_robbery_too() -> None:
    rows = ledger(
        [
            {"start": at("2022-01-03"), "knife": "high"},
            {"start": at("2022-01-03"), "knife": "low"},
            {"start": at("2022-01-03"), "knife": "medium", "group": "robbery"},
        ]
    )
    panel = build(rows, target=TARGETS["knife-violence"])
    assert panel.types == ("knife-violence", "violence", "robbery")
    assert panel.counts.sum(axis=(1, 2)).tolist() == [2, 2, 1]


def test_the_newest_known_version_stands_and_a_retraction_removes() -> None:
    first = {"start": at("2022-01-03"), "key_lo": 7, "available_at": at("2022-01-04")}
    moved = first | {
        "start": at("2022-02-03"),
        "version": 1,
        "op": "revise",
        "available_at": at("2022-03-01"),
    }
    gone = first | {"version": 2, "op": "retract", "available_at": at("2022-05-01")}
    rows = ledger([first, moved, gone])
    seen = [build(rows, as_of=at(day)).counts[0].sum(axis=1).tolist() for day in ("2022-02-20", "2022-04-01")]
    assert seen == [[1, 0, 0], [0, 1, 0]]
    assert build(rows).counts[0].sum() == 0


def test_months_cannot_be_made_weeks() -> None:
    month = {"start": london_midnight(date(2022, 1, 1)), "end": london_midnight(date(2022, 2, 1))}
    with pytest.raises(Refused, match="--every month"):
        build(ledger([month] * 3), every="week", start=date(2022, 1, 3), origin=date(2022, 3, 7))


@pytest.mark.parametrize("change", [{"origin": date(2022, 4, 2)}, {"start": date(2022, 4, 1)}])
def test_a_wrong_origin_or_no_history_is_a_misuse(change: dict[str, Any]) -> None:
    with pytest.raises(Misuse):
        build(ledger([{"start": at("2022-01-03")}]), **change)


def test_weeks_recounted_by_brute_force() -> None:
    rng = np.random.default_rng(4)
    start, origin = date(2021, 1, 4), date(2022, 1, 3)
    starts = [at("2021-01-04") + timedelta(hours=int(h)) for h in rng.integers(0, 24 * 364, 500)]
    east, north = 400_000 + rng.uniform(-2000, 2000, 500), 200_000 + rng.uniform(-2000, 2000, 500)
    rows = ledger([{"start": s, "easting": e, "northing": n}
                   for s, e, n in zip(starts, east, north, strict=True)])  # fmt: skip
    panel = build(rows, every="week", start=start, origin=origin)
    want = np.zeros((52, len(CELLS)))
    for moment, cell in zip(starts, GRID.cell_of(east, north), strict=True):
        week = next(k for k in range(52) if moment < london_midnight(step(start, "week", k + 1)))
        if cell in CELLS:
            want[week, np.searchsorted(CELLS, cell)] += 1
    assert np.array_equal(panel.counts[0], want)
    assert panel.counts[0].sum() + panel.elsewhere[0].sum() == 500


MOMENTS = st.datetimes(datetime(2022, 1, 1), datetime(2022, 12, 31)).map(lambda t: t.replace(tzinfo=UTC))


@settings(max_examples=40, deadline=None)
@given(late=st.lists(st.tuples(MOMENTS, MOMENTS, st.integers(0, 3)), max_size=12))
def test_what_comes_later_changes_nothing(late: list[tuple[datetime, datetime, int]]) -> None:
    as_of = origin_instant = london_midnight(date(2022, 4, 1))
    base = [{"start": at("2022-01-03"), "key_lo": k, "available_at": at("2022-01-05")} for k in range(3)]
    extra = []
    for k, (start, known, version) in enumerate(late):
        if known > as_of or (version == 0 and start >= origin_instant):
            key = k % 3 if version else 100 + k
            extra.append({"start": start, "available_at": known, "key_lo": key, "version": version})
    plain, more = (build(ledger(rows), as_of=as_of) for rows in (base, base + extra))
    assert np.array_equal(plain.counts, more.counts)
    assert np.array_equal(plain.elsewhere, more.elsewhere)
    assert np.array_equal(plain.observed, more.observed)
