"""Retention and ended agreements: rows go, files go, days become missing, and it is on record."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import numpy as np
import polars as pl

from peelian.domain.actor import LOCAL_ANALYST
from peelian.ingest.run import ingest
from peelian.pipeline.agreements import end, renew
from peelian.pipeline.context import Context
from peelian.pipeline.erasing import erase
from peelian.store.agreements import today
from peelian.store.audit import list_audit
from peelian.store.catalogue import reading, transaction
from peelian.store.coverage import coverage
from peelian.store.erasing import touched
from peelian.store.ledger import latest_snapshot, read_events, read_versions
from peelian.store.links import add_link_run, latest_link_run
from tests.pipeline.agreed import agree, row, take
from tests.tiny_source import Tiny, write
from tests.tiny_source import row as tiny

YESTERDAY = today() - timedelta(days=1)
OLD = date(2024, 3, 5)


def words_on_disk(ctx: Context) -> set[str]:
    """Every offence word in any segment file that lies in the workspace, listed or not."""
    files = list(ctx.ws.segments.rglob("*.parquet"))
    return {word for file in files for word in pl.read_parquet(file)["offence"].to_list()}


def test_an_ended_agreement_leaves_nothing_but_the_log(ctx: Context, tmp_path: Path) -> None:
    agree(ctx, tmp_path)
    take(ctx.ws, tmp_path, [row("a", OLD), row("b", OLD), row("bad", OLD, "no such code")])
    before = latest_snapshot(ctx.ws)
    end(ctx, "fens-health", YESTERDAY)
    counted = erase(ctx, dry_run=True)
    assert [(one.agreement, one.rows) for one in counted] == [("fens-health", 2)]
    assert words_on_disk(ctx) == {"assault zq"}
    assert [one.rows for one in erase(ctx)] == [2]
    assert words_on_disk(ctx) == set()
    assert not list((ctx.ws.home / "mappings").iterdir())
    assert erase(ctx) == []
    with reading(ctx.ws) as conn:
        assert conn.exec_driver_sql("select count(*) from feed_profile").scalar() == 0
        assert touched(conn, before) == 2
        assert touched(conn, latest_snapshot(ctx.ws)) == 0
    said = [one for one in list_audit(ctx.ws) if one.verb == "erasure"]
    assert [one.what.split(":")[0] for one in said] == ["2 rows under fens-health"]
    if ctx.ws.engine.dialect.name == "sqlite":  # nor in the catalogue: the row put aside is blank now
        bytes_ = b"".join(p.read_bytes() for p in ctx.ws.home.glob("catalogue.db*"))
        assert b"no such code" not in bytes_


def test_files_read_by_no_mapping_do_not_stand_in_the_way(ctx: Context, tmp_path: Path) -> None:
    agree(ctx, tmp_path)
    take(ctx.ws, tmp_path, [row("a", OLD)])
    file = write(tmp_path / "tiny.json", [tiny("x")])
    ingest(ctx.ws, Tiny(), [file], options={}, actor=LOCAL_ANALYST, purpose="analysis")
    end(ctx, "fens-health", YESTERDAY)
    assert [one.rows for one in erase(ctx)] == [1]
    assert not list((ctx.ws.home / "mappings").iterdir())


def test_after_renewal_the_same_file_may_come_again(ctx: Context, tmp_path: Path) -> None:
    agree(ctx, tmp_path)
    lines = [row("a", OLD), row("b", OLD)]
    take(ctx.ws, tmp_path, lines)
    end(ctx, "fens-health", YESTERDAY)
    erase(ctx)
    renew(ctx, "fens-health", today())
    assert take(ctx.ws, tmp_path, lines).total.accepted == 2


def test_retention_takes_old_rows_and_their_days(ctx: Context, tmp_path: Path) -> None:
    agree(ctx, tmp_path, retention_days=100)
    cut = today() - timedelta(days=100)
    days = {"old": cut - timedelta(days=40), "older": cut - timedelta(days=2), "new": cut + timedelta(days=3)}
    take(ctx.ws, tmp_path, [row(ref, day) for ref, day in days.items()])
    assert [one.rows for one in erase(ctx)] == [2]
    held = read_events(ctx.ws)
    assert held.height == 1
    assert held["start"].dt.date().to_list() == [days["new"]]
    assert coverage(ctx.ws)["start"].min() == cut
    assert erase(ctx) == []


def test_a_record_goes_or_stays_with_all_its_versions(ctx: Context, tmp_path: Path) -> None:
    """Corrected to a later day it stays whole; corrected to an earlier one it goes whole."""
    agree(ctx, tmp_path, retention_days=100)
    cut = today() - timedelta(days=100)
    old, new = cut - timedelta(days=30), cut + timedelta(days=30)
    noon = [datetime.combine(YESTERDAY, time(h), UTC) for h in (1, 2)]
    take(ctx.ws, tmp_path, [row("stays", old), row("goes", new)], "first", noon[0])
    take(ctx.ws, tmp_path, [row("stays", new), row("goes", old)], "second", noon[1])
    assert read_versions(ctx.ws).height == 4
    erase(ctx)
    assert read_events(ctx.ws)["start"].dt.date().to_list() == [new]
    assert read_versions(ctx.ws)["version"].to_list() == [0, 1]


def test_what_is_not_due_is_the_same_rows_afterwards(ctx: Context, tmp_path: Path) -> None:
    """Random histories under two agreements: erasing one leaves the other's state as it was."""
    agree(ctx, tmp_path)
    agree(ctx, tmp_path, id="fens-two", force="fenshire-two")
    rng = np.random.default_rng(7)
    for k in range(6):
        lines = [
            row(
                f"r{n}", OLD + timedelta(days=int(rng.integers(0, 50))), easting=int(rng.integers(0, 9)) * 250
            )
            for n in rng.integers(0, 30, 12)
        ]
        force = ("fenshire", "fenshire-two")[k % 2]
        take(ctx.ws, tmp_path, lines, f"f{k}", force=force, agreement=("fens-health", "fens-two")[k % 2])
    other = read_versions(ctx.ws, force="fenshire-two")
    mine = read_events(ctx.ws, force="fenshire").height
    assert mine
    end(ctx, "fens-health", YESTERDAY)
    assert sum(one.rows for one in erase(ctx)) >= mine
    assert read_versions(ctx.ws, force="fenshire-two").equals(other)
    assert read_versions(ctx.ws, force="fenshire").is_empty()


def test_what_was_linked_goes_with_the_rows(ctx: Context, tmp_path: Path) -> None:
    agree(ctx, tmp_path)
    take(ctx.ws, tmp_path, [row("a", OLD)])
    pairs = ctx.ws.links / "one.parquet"
    pl.DataFrame({"left": ["x"]}).write_parquet(pairs)
    with transaction(ctx.ws) as conn:
        add_link_run(conn, ctx.ws, "one", force="fenshire", snapshot=1, path=pairs, card={})
    end(ctx, "fens-health", YESTERDAY)
    erase(ctx)
    assert latest_link_run(ctx.ws, "fenshire") is None
    assert not pairs.exists()
