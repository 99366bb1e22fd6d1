"""Lookups and audits of fairness on both databases; a deployment in use without an audit is stopped."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import polars as pl
import pytest

from peelian.domain.actor import LOCAL_ANALYST
from peelian.store.audit_attributes import attributes, attributes_held, replace_attributes
from peelian.store.catalogue import now, reading, transaction
from peelian.store.deployments import set_deployment
from peelian.store.fairness_audits import FairnessAudit, add_fairness_audit, audit_of, standing_of
from peelian.store.runs import add_run, latest_run, list_runs, stopped_runs
from peelian.store.stopped import stops
from peelian.store.workspace import Workspace
from tests.workspaces import database, ws

__all__ = ["database", "ws"]
POST = {"senior_owner": "a post", "lawful_basis": "a basis", "ethics": "a reference"}


def card(area: str, *, simulated: bool = False) -> dict[str, Any]:
    return {
        "area": {"code": area, "simulated": simulated}, "target": "violence", "every": "week", "window": 4,
        "model": {"id": "learner", "version": "3"},
    }  # fmt: skip


def audited(ws: Workspace, area: str, days: float, *, whole: bool = True, **other: object) -> None:
    kinds = ["deprivation", "ethnicity", "rurality"] if whole else ["deprivation"]
    body = {"every": "week", "window": 4, "model": "learner", "version": "3", "kinds": kinds} | other
    made = now() - timedelta(days=days)
    one = FairnessAudit("r", area, "violence", str(body["model"]), made, whole, 0, "None found.", body)
    with transaction(ws) as conn:
        add_fairness_audit(conn, one)


def test_a_lookup_is_replaced_and_given_back(ws: Workspace) -> None:
    rows = pl.DataFrame({"code": ["E1", "E2"], "class": ["decile 1", "decile 2"], "value": [1.0, 2.0]})
    for part in (rows, rows.head(1)):
        with transaction(ws) as conn:
            gone = replace_attributes(conn, "deprivation", part)
    assert gone == 2
    assert attributes_held(ws) == {"deprivation": 1}
    assert attributes(ws)["deprivation"].rows() == [("E1", "decile 1", 1.0)]


def test_the_audit_that_stands_is_the_newest_of_the_model_served(ws: Workspace) -> None:
    add_run(ws, "r", card("x"))
    run = latest_run(ws)
    assert run is not None
    assert standing_of(ws, run).sentence == "Fairness not audited: no lookup imported."
    audited(ws, "x", 1, version="2")  # of an earlier version
    audited(ws, "x", 1, window=1)
    audited(ws, "y", 1)
    assert audit_of(ws, run) is None
    said = []
    for days in (181, 91, 90):
        audited(ws, "x", days + 0.5)
        said.append(standing_of(ws, run).state)
    assert said == ["lapsed", "stale", "current"]
    audited(ws, "x", 0.1, whole=False)
    assert standing_of(ws, run).sentence == ("Fairness audited in part: nothing held on ethnicity, rurality.")


@pytest.mark.parametrize("registered", ["x", "*"])
def test_in_use_without_an_audit_is_stopped(ws: Workspace, registered: str) -> None:
    add_run(ws, "r", card("x"))
    add_run(ws, "s", card("made-up", simulated=True))

    def seen() -> set[str]:
        return {row.area for row in list_runs(ws)}

    def why() -> str:
        with reading(ws) as conn:
            return stops(conn).of("x")

    assert seen() == {"x", "made-up"}  # not registered: said, never stopped
    set_deployment(ws, LOCAL_ANALYST, "administration", registered, "approved", **POST)
    assert seen() == {"made-up"}
    assert why().startswith("this deployment is in use and has no fairness audit")
    assert len(stopped_runs(ws)) == 2
    audited(ws, "x", 181.5)
    assert why().endswith("its fairness audit is 181 days old, over 180")
    audited(ws, "x", 1, whole=False)
    assert seen() == {"made-up"}
    audited(ws, "x", 179)
    assert seen() == {"x", "made-up"}
    assert why() == ""
    set_deployment(ws, LOCAL_ANALYST, "administration", registered, "proposed", **POST)
    assert why() == ""
