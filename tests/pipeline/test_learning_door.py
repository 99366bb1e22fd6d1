"""What learns reads by the door of the training role: the audit is shut there, and the work goes on."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from peelian.domain.actor import LOCAL_ANALYST, AuditEntry
from peelian.pipeline import backtesting, forecasting, retraining
from peelian.pipeline.context import Context
from peelian.store.access_tables import audit_only
from peelian.store.audit import append
from peelian.store.catalogue import reading, transaction
from peelian.store.tables import audit
from tests.workspaces import fresh


class Reached(Exception):
    """The work began."""


@pytest.mark.parametrize(
    ("module", "name"), [(forecasting, "forecast"), (backtesting, "backtest"), (retraining, "retrain")]
)
def test_what_learns_may_write_in_the_audit_and_read_nothing_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, module: Any, name: str
) -> None:
    ctx = Context(fresh(tmp_path / "home"))
    assert {"audit", "audit_link", "audit_checkpoint", "release"} <= set(audit_only())

    def tried(theirs: Context, _request: Any, _tick: Any) -> None:
        with transaction(theirs.ws) as conn:
            append(conn, LOCAL_ANALYST, "analysis", AuditEntry("combination", name))
        for table, column in (("audit", "what"), ("audit_link", "audit"), ("release", "told")):
            with pytest.raises(DBAPIError, match="prohibited"), reading(theirs.ws) as conn:
                conn.execute(text(f'select "{column}" from "{table}"')).all()
        raise Reached

    monkeypatch.setattr(module, f"_{name}", tried)
    with pytest.raises(Reached):
        getattr(module, name)(ctx, None)
    with reading(ctx.ws) as conn:  # outside, the door is not there
        assert conn.execute(select(audit.c.what)).scalars().all() == [name]
