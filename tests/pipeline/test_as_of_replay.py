"""A forecast made again as of its instant is the same bytes, whatever came since; erasure is counted."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from peelian.domain.actor import LOCAL_ANALYST
from peelian.domain.errors import Misuse
from peelian.domain.time import london_midnight
from peelian.pipeline.agreements import end
from peelian.pipeline.context import Context
from peelian.pipeline.erasing import erase
from peelian.pipeline.forecast_file import read_card
from peelian.pipeline.forecast_request import ForecastRequest
from peelian.pipeline.forecasting import forecast
from peelian.pipeline.lineage import lineage
from peelian.store.agreements import today
from peelian.store.compact import compact
from peelian.store.ledger import latest_snapshot, read_events
from tests.pipeline.agreed import agree, row, take

FIRST = date(2023, 1, 2)
WEEKS = 60
COUNT = WEEKS * 7 // 2 + 1  # one every other day, up to the last day before the origin
ORIGIN = FIRST + timedelta(weeks=WEEKS)
KNOWN = datetime(2024, 3, 1, tzinfo=UTC)  # all below was known long before; corrections come after
ASKED = ForecastRequest(
    "violence", "week", ORIGIN, horizon=2, area="fenshire", model="year-count", as_of=KNOWN, seed=3
)
HEADER = "ref,at,e,n,kind,known,status"
STATUS: dict[str, Any] = {
    "columns": {"id": "ref", "occurred": "at", "easting": "e", "northing": "n", "offence": "kind",
                "available_at": "known", "status": "status"},
    "values": {"status": {"ok": "stands", "gone": "retract"}},
    "codes": {"assault zq": "violence", "noise zq": "asb"},
}  # fmt: skip


def line(ref: str, day: date, known: date, status: str = "ok", easting: int = 400_100) -> str:
    """A line of the partner's file, with when it was known and whether it stands."""
    return f"{row(ref, day, easting=easting)},{known} 09:00,{status}"


def bring(ctx: Context, folder: Path, lines: list[str], name: str) -> Any:
    """Take lines with their own times of availability."""
    return take(ctx.ws, folder, lines, name, header=HEADER, accept_drift=True, **STATUS)


@pytest.fixture
def held(ctx: Context, tmp_path: Path) -> Context:
    """Sixty weeks of assaults, one every other day, in two places, each known a day later."""
    agree(ctx, tmp_path)
    days = [FIRST + timedelta(days=2 * k) for k in range(COUNT)]
    lines = [
        line(f"r{k}", day, day + timedelta(days=1), easting=400_100 + 300 * (k * k % 3))
        for k, day in enumerate(days)
    ]
    bring(ctx, tmp_path, lines, "first")
    return ctx


def keep(ctx: Context, request: ForecastRequest) -> tuple[str, bytes, Path]:
    run = forecast(ctx, request)
    path = run.folder / "forecast.parquet"
    return run.run_id, path.read_bytes(), path


def later(ctx: Context, folder: Path) -> None:
    """Everything that may come after: corrections, retractions, new rows, older years, all known after."""
    after = KNOWN.date() + timedelta(days=9)
    moved = [line(f"r{k}", FIRST + timedelta(days=2 * k), after, easting=401_900) for k in range(0, 40, 3)]
    gone = [line(f"r{k}", FIRST + timedelta(days=2 * k), after, "gone") for k in range(100, 140)]
    new = [line(f"n{k}", FIRST + timedelta(days=k), after, easting=400_400) for k in range(300, 430)]
    older = [line(f"o{k}", FIRST - timedelta(days=k), after) for k in range(1, 90)]
    for name, lines in (("moved", moved), ("gone", gone), ("new", new), ("older", older)):
        report = bring(ctx, folder, lines, name)
        assert report.total.quarantined == 0
    assert len(read_events(ctx.ws, force="fenshire")) == COUNT - 40 + 130 + 89


@pytest.mark.parametrize("model", ["year-count", "shrunk-decay"])
def test_what_came_since_changes_not_a_byte(held: Context, tmp_path: Path, model: str) -> None:
    asked = replace(ASKED, model=model)
    run_id, before, path = keep(held, asked)
    table, card = pl.read_parquet(path), read_card(path)
    later(held, tmp_path)
    assert compact(held.ws, actor=LOCAL_ANALYST, purpose="administration") > 0
    again_id, _, again = keep(held, asked)
    assert again_id == run_id
    assert pl.read_parquet(again).equals(table, null_equal=True)
    now = read_card(again)
    assert {name for name in now if now[name] != card.get(name)} == {"snapshot"}  # which is the newest now
    assert (card["snapshot"], now["snapshot"]) == (1, latest_snapshot(held.ws))
    pinned_id, after, _ = keep(held, replace(asked, snapshot=1))
    assert (pinned_id, after) == (run_id, before)
    newest = keep(held, replace(asked, as_of=KNOWN + timedelta(days=30)))
    assert newest[0] != run_id  # the corrections would change it, had they been known


def test_rows_delivered_later_that_say_they_were_known_earlier_need_the_snapshot(
    held: Context, tmp_path: Path
) -> None:
    run_id, before, _ = keep(held, ASKED)
    snapshot = latest_snapshot(held.ws)
    early = [
        line(f"e{k}", FIRST + timedelta(days=k), FIRST + timedelta(days=k + 1), easting=400_400)
        for k in range(300, 400)
    ]
    bring(held, tmp_path, early, "early")
    compact(held.ws, actor=LOCAL_ANALYST, purpose="administration")
    assert keep(held, ASKED)[0] != run_id  # they say they were known then: an honest as-of read has them
    assert keep(held, replace(ASKED, snapshot=snapshot))[:2] == (run_id, before)


def test_a_fresh_area_is_frozen_from_the_snapshot_too(held: Context, tmp_path: Path) -> None:
    run_id, before, _ = keep(held, ASKED)
    for frozen in held.ws.areas.glob("fenshire.*"):
        frozen.unlink()
    far = [line("far", FIRST + timedelta(days=9), FIRST + timedelta(days=10), easting=409_000)]
    bring(held, tmp_path, far, "far")
    assert keep(held, replace(ASKED, snapshot=1))[:2] == (run_id, before)


def test_a_snapshot_that_is_not_there_is_refused(held: Context) -> None:
    for snapshot in (0, latest_snapshot(held.ws) + 1):
        with pytest.raises(Misuse, match="no snapshot"):
            forecast(held, replace(ASKED, snapshot=snapshot))


def test_a_run_touched_by_erasure_says_so_by_count(held: Context, tmp_path: Path) -> None:
    agree(held, tmp_path, id="other", feeds=["table"], purposes=["analysis", "administration"])
    extra = [
        line(f"x{k}", FIRST + timedelta(days=k), FIRST + timedelta(days=k + 1), easting=400_700)
        for k in range(200, 250)
    ]
    take(held.ws, tmp_path, extra, "x", header=HEADER,
         **STATUS | {"source": "fens-other", "agreement": "other"})  # fmt: skip
    run_id, before, _ = keep(held, ASKED)
    snapshot = latest_snapshot(held.ws)
    assert lineage(held, run_id, None)["erased"] == 0
    end(held, "other", today() - timedelta(days=1))
    assert [one.rows for one in erase(held)] == [50]
    assert lineage(held, run_id, None)["erased"] == 50
    again = keep(held, replace(ASKED, snapshot=snapshot))
    assert again[0] != run_id  # what is erased is gone from its snapshot too: no run passes for the old one
    assert again[1] != before
    assert lineage(held, again[0], None)["erased"] == 50


def test_without_as_of_the_origins_first_instant_is_the_one_replayed(held: Context, tmp_path: Path) -> None:
    asked = replace(ASKED, as_of=None)
    run_id, _, path = keep(held, asked)
    card = read_card(path)
    assert card["as_of"] == london_midnight(ORIGIN).isoformat()
    table = pl.read_parquet(path)
    later(held, tmp_path)
    same_id, _, same = keep(held, asked)
    assert same_id == run_id
    assert pl.read_parquet(same).equals(table, null_equal=True)
