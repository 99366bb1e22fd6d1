"""Runs of linking and people's decisions, kept on both databases."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from peelian.store.catalogue import now, transaction
from peelian.store.links import (
    REVIEW_SCHEMA,
    add_decision,
    add_link_run,
    decisions,
    latest_link_run,
    latest_link_runs,
)
from peelian.store.workspace import Workspace
from tests.workspaces import database, ws

__all__ = ["database", "ws"]
A, B, C = "a" * 32, "b" * 32, "c" * 32


def keep(ws: Workspace, run_id: str, force: str = "fenshire", **card: Any) -> None:
    with transaction(ws) as conn:
        path = ws.links / f"{run_id}.parquet"
        add_link_run(conn, ws, run_id, force=force, snapshot=3, path=path, card={"threshold": 0.5} | card)


def decide(ws: Workspace, left: str, right: str, decision: str, force: str = "fenshire") -> None:
    with transaction(ws) as conn:
        add_decision(conn, left, right, decision, reviewer="someone", force=force)


def test_the_newest_run_of_a_force_is_given_whole(ws: Workspace) -> None:
    assert latest_link_run(ws, "fenshire") is None
    assert latest_link_runs(ws) == []
    keep(ws, "one")
    keep(ws, "two", overlap={"area": [{"area": "x", "police only": "withheld"}]})
    keep(ws, "other", "moorshire")
    run = latest_link_run(ws, "fenshire")
    assert run is not None
    assert (run.id, run.snapshot, run.path) == ("two", 3, ws.links / "two.parquet")
    assert run.card["overlap"]["area"] == [{"area": "x", "police only": "withheld"}]
    assert [one.id for one in latest_link_runs(ws)] == ["two", "other"]


def test_the_same_run_again_takes_the_place_of_the_first(ws: Workspace) -> None:
    keep(ws, "one", incidents=1)
    keep(ws, "one", incidents=2)
    run = latest_link_run(ws, "fenshire")
    assert run is not None
    assert run.card["incidents"] == 2


def test_the_later_decision_of_two_stands_whichever_is_named_first(ws: Workspace) -> None:
    assert dict(decisions(ws, "fenshire").schema) == REVIEW_SCHEMA
    decide(ws, B, A, "same")
    between = now()
    decide(ws, A, B, "different")
    decide(ws, C, A, "same")
    decide(ws, A, B, "same", force="moorshire")
    said = {(one["left"], one["right"]): one["decision"] for one in decisions(ws, "fenshire").to_dicts()}
    assert said == {(A, B): "different", (A, C): "same"}
    earlier = decisions(ws, "fenshire", as_of=between)
    assert earlier.select("left", "right", "decision").rows() == [(A, B, "same")]
    assert decisions(ws, "fenshire", as_of=datetime(2020, 1, 1, tzinfo=UTC)).is_empty()


@pytest.mark.parametrize("force", ["moorshire", ""])
def test_another_force_has_no_decisions(ws: Workspace, force: str) -> None:
    decide(ws, A, B, "same")
    assert decisions(ws, force).is_empty()
