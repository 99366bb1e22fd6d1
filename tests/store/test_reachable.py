"""A database that goes away in the middle of a transaction is told from every other fault."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from peelian.domain.errors import NotNow
from peelian.store.catalogue import reading, transaction
from peelian.store.reachable import not_now, reachable
from peelian.store.workspace import Workspace


def _cut_in_a_transaction(ws: Workspace) -> None:
    with reachable(), transaction(ws) as conn:
        mine = conn.execute(text("select pg_backend_pid()")).scalar_one()
        with ws.engine.connect() as other:
            other.execute(text("select pg_terminate_backend(:pid)"), {"pid": mine})
        conn.execute(text("select 1"))


def test_a_connection_cut_in_a_transaction_is_a_database_that_does_not_answer(ws: Workspace) -> None:
    if ws.engine.dialect.name != "postgresql":
        pytest.skip("SQLite has no connection to cut")
    with pytest.raises(NotNow):
        _cut_in_a_transaction(ws)
    with reachable(), reading(ws) as conn:  # and the next one has a connection that works
        assert conn.execute(text("select 1")).scalar_one() == 1


def test_other_faults_stay_what_they_are() -> None:
    assert not_now(ValueError()) is None
    broken = IntegrityError("insert", {}, Exception())
    with pytest.raises(IntegrityError), reachable():
        raise broken
