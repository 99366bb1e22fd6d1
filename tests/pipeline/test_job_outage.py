"""A worker whose database goes away: its job is taken up again, and ended three times at most."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

from peelian.pipeline import job_outage
from peelian.pipeline import jobs as worker
from peelian.pipeline.context import Context
from peelian.pipeline.job_outage import when_it_answers
from peelian.store import jobs
from tests.workspaces import fresh


def away(*_: Any) -> str:
    raise OperationalError("select", {}, Exception())


def test_a_job_cut_short_by_its_database_is_done_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ctx, times = Context(fresh(tmp_path / "home")), list[int]()

    def second_time(*_: Any) -> str:
        times.append(1)
        return "done" if len(times) == 2 else away()

    monkeypatch.setitem(worker.KINDS, "link", second_time)
    monkeypatch.setitem(worker.KINDS, "warn", away)
    done, never = jobs.create(ctx.ws, "link", {}), jobs.create(ctx.ws, "warn", {})
    assert worker.work(ctx) == 2 + 3
    assert (jobs.get(ctx.ws, done).state, jobs.get(ctx.ws, done).attempts) == ("done", 2)
    failed = jobs.get(ctx.ws, never)
    assert (failed.state, failed.attempts) == ("failed", 3)
    assert "database went away" in failed.message
    assert failed.finished is not None


def test_waiting_ends_when_it_answers_or_is_wanted_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(job_outage, "_BACK_S", (0.0,))
    left = [3]

    def act() -> str:
        left[0] -= 1
        return "there" if left[0] == 0 else away()

    assert when_it_answers(act, lambda: True) == "there"
    asked = iter([True, True, False])
    assert when_it_answers(away, lambda: next(asked)) is None
    with pytest.raises(ZeroDivisionError):
        when_it_answers(lambda: 1 / 0, lambda: True)
