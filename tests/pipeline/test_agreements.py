"""No agreement, no ingest; after its end nothing is read; only what it names is let in or read."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from peelian.domain.errors import Misuse, Refused
from peelian.pipeline.agreements import agreement_rows, end, read_agreement, renew
from peelian.pipeline.context import Context
from peelian.store.agreements import today
from peelian.store.coverage import coverage
from peelian.store.intake import list_files
from peelian.store.ledger import latest_snapshot, read_events, read_versions
from tests.pipeline.agreed import agree, agreement_file, row, take

DAY = date(2024, 3, 5)
YESTERDAY = today() - timedelta(days=1)


def held(ctx: Context) -> tuple[int, int, int]:
    """Rows read by each way to the ledger, and days covered."""
    days = coverage(ctx.ws).select((pl.col("end") - pl.col("start")).dt.total_days().sum()).item()
    return read_events(ctx.ws).height, read_versions(ctx.ws).height, int(days or 0)


def test_without_an_agreement_nothing_comes_in(ctx: Context, tmp_path: Path) -> None:
    with pytest.raises(Refused, match=r"no sharing agreement lets .* in"):
        take(ctx.ws, tmp_path, [row("a", DAY)])
    assert latest_snapshot(ctx.ws) == 0
    assert not [p for p in ctx.ws.segments.rglob("*") if p.is_file()]


def test_the_only_fitting_agreement_is_used_and_kept_with_every_row(ctx: Context, tmp_path: Path) -> None:
    agree(ctx, tmp_path)
    assert take(ctx.ws, tmp_path, [row("a", DAY), row("b", DAY)]).total.accepted == 2
    assert set(read_events(ctx.ws)["agreement"]) == {"fens-health"}
    assert [one.agreement for one in list_files(ctx.ws)] == ["fens-health"]


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"feeds": ["police_uk"]}, "does not cover the feed table"),
        ({"force": "elsewhere"}, "is with elsewhere"),
        ({"controller": "Another trust"}, "another controller"),
        ({"fields": ["occurred", "offence"]}, "does not let us keep easting, id, northing"),
        ({"expiry": str(YESTERDAY)}, "is not in force today"),
        ({"start": str(today() + timedelta(days=2))}, "is not in force today"),
    ],
)
def test_what_an_agreement_does_not_name_stays_out(
    ctx: Context, tmp_path: Path, change: dict[str, Any], why: str
) -> None:
    agree(ctx, tmp_path, **change)
    with pytest.raises(Refused, match=why):
        take(ctx.ws, tmp_path, [row("a", DAY)], agreement="fens-health")
    assert latest_snapshot(ctx.ws) == 0


def test_the_simulated_agreement_is_for_simulated_forces(ctx: Context, tmp_path: Path) -> None:
    with pytest.raises(Refused, match="for simulated forces only"):
        take(ctx.ws, tmp_path, [row("a", DAY)], agreement="simulated")
    assert take(ctx.ws, tmp_path, [row("a", DAY)], force="simulated-x").total.accepted == 1


def test_after_its_end_nothing_is_read_and_the_days_are_missing(ctx: Context, tmp_path: Path) -> None:
    agree(ctx, tmp_path)
    take(ctx.ws, tmp_path, [row("a", DAY), row("b", DAY + timedelta(days=9))])
    assert held(ctx) == (2, 2, 10)
    end(ctx, "fens-health", YESTERDAY)
    assert held(ctx) == (0, 0, 0)
    renew(ctx, "fens-health", today())
    assert held(ctx) == (2, 2, 10)


def test_the_same_file_under_another_agreement_counts_once(ctx: Context, tmp_path: Path) -> None:
    agree(ctx, tmp_path)
    take(ctx.ws, tmp_path, [row("a", DAY), row("b", DAY)])
    end(ctx, "fens-health", YESTERDAY)
    agree(ctx, tmp_path, id="fens-health-2")
    assert take(ctx.ws, tmp_path, [row("a", DAY), row("b", DAY)]).total.accepted == 2
    assert set(read_events(ctx.ws)["agreement"]) == {"fens-health-2"}
    assert read_events(ctx.ws).height == 2


def test_a_purpose_the_agreement_does_not_name_reads_nothing(ctx: Context, tmp_path: Path) -> None:
    agree(ctx, tmp_path)
    take(ctx.ws, tmp_path, [row("a", DAY)])
    assert read_events(ctx.ws, purpose="prevention").height == 1
    assert read_events(ctx.ws, purpose="evaluation").height == 0
    assert coverage(ctx.ws, purpose="evaluation").is_empty()


def test_agreements_are_listed_with_the_built_in_ones(ctx: Context, tmp_path: Path) -> None:
    agree(ctx, tmp_path)
    rows = agreement_rows(ctx)
    assert [one["id"] for one in rows] == ["open-data", "simulated", "fens-health"]
    assert rows[2]["in force"]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"gateway": "because"}, "gateway"),
        ({"expiry": None}, "expiry: is missing"),
        ({"purposes": ["curiosity"]}, "purposes of the agreement names curiosity"),
        ({"feeds": ["stop-and-search"]}, "feeds of the agreement names stop-and-search"),
        ({"expiry": "2019-12-31"}, "ends before it starts"),
        ({"gateway": "open-licence"}, "needs no agreement"),
        ({"phone": "1"}, "phone: is not a known key"),
    ],
)
def test_a_wrong_agreement_file_says_what_is_wrong(tmp_path: Path, change: dict[str, Any], said: str) -> None:
    with pytest.raises(Misuse, match=said):
        read_agreement(agreement_file(tmp_path, **change))
