"""Which statements speak of forecasts: however a table is named, the cut of stopped areas sees it."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import exists, func, insert, select, update

from peelian.store import stopped
from peelian.store.tables import METADATA

run, segment = METADATA.tables["run"], METADATA.tables["segment"]
ours, kept = run.alias("ours"), select(run.c.area).where(run.c.area != "").subquery()
gone = select(run.c.area).cte("gone")

SPEAKS = {
    "its columns": select(run.c.area),
    "a count": select(func.count()).select_from(run),
    "an alias": select(ours.c.area),
    "a join": select(segment.c.path).join(run, run.c.area == segment.c.force),
    "a subquery": select(kept.c.area),
    "a cte": select(gone.c.area),
    "a condition": select(segment.c.path).where(exists(select(run.c.area))),
    "a union": select(run.c.area).union(select(segment.c.force)),
    "what is copied": insert(segment).from_select(["force"], select(run.c.area)),
    "a value": update(segment).values(force=select(run.c.area).scalar_subquery()),
}
SILENT = {
    "another table": select(segment.c.path),
    "a row for it": insert(run),
    "no table": select(func.now()),
}


@pytest.mark.parametrize("statement", SPEAKS.values(), ids=SPEAKS)
def test_a_statement_that_reads_forecasts_is_seen(statement: Any) -> None:
    assert stopped._speaks_of_forecasts(statement)


@pytest.mark.parametrize("statement", SILENT.values(), ids=SILENT)
def test_a_statement_that_reads_none_is_let_be(statement: Any) -> None:
    assert not stopped._speaks_of_forecasts(statement)
