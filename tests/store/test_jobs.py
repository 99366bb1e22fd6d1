"""Jobs: one worker each, and none lost with its worker."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from peelian.domain.errors import NotFound
from peelian.store import jobs
from peelian.store.workspace import Workspace

NO_TIME = timedelta(seconds=-1)


def test_a_job_runs_to_its_end(ws: Workspace) -> None:
    made = jobs.create(ws, "forecast", {"target": "violence"})
    job = jobs.claim(ws)
    assert job is not None
    assert (job.id, job.state, job.arguments) == (made, "running", {"target": "violence"})
    assert jobs.claim(ws) is None
    assert jobs.progress(ws, made, 0.5, "half")
    assert (jobs.get(ws, made).progress, jobs.get(ws, made).message) == (0.5, "half")
    assert jobs.finish(ws, made, message="written")
    ended = jobs.get(ws, made)
    assert (ended.state, ended.progress, ended.message) == ("done", 1.0, "written")
    assert not jobs.finish(ws, made, failed=True)
    assert [one.id for one in jobs.list(ws)] == [made]


def test_many_workers_take_each_job_once(ws: Workspace) -> None:
    made = [jobs.create(ws, "forecast", {}) for _ in range(12)]

    def work(name: str) -> list[int]:
        taken = []
        while job := jobs.claim(ws, name):
            taken.append(job.id)
        return taken

    with ThreadPoolExecutor(4) as pool:
        taken = sorted(id_ for ids in pool.map(work, ["w1", "w2", "w3", "w4"]) for id_ in ids)
    assert taken == made


def test_the_work_of_a_dead_worker_is_done_by_another(ws: Workspace) -> None:
    made = jobs.create(ws, "forecast", {})
    assert jobs.claim(ws, "elsewhere:1", lease=NO_TIME) is not None
    again = jobs.claim(ws, "elsewhere:2")
    assert again is not None
    assert (again.id, again.attempts) == (made, 2)
    assert not jobs.progress(ws, made, 0.9, "late", worker="elsewhere:1")
    assert not jobs.finish(ws, made, worker="elsewhere:1")
    assert jobs.finish(ws, made, worker="elsewhere:2")


def test_a_process_of_this_machine_that_is_gone_is_noticed_at_once(ws: Workspace) -> None:
    host = jobs.THIS_WORKER.rpartition(":")[0]
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    made = jobs.create(ws, "forecast", {})
    assert jobs.claim(ws, f"{host}:{ended.pid}") is not None
    again = jobs.claim(ws)
    assert again is not None
    assert again.id == made


def test_work_that_kills_its_workers_is_given_up(ws: Workspace) -> None:
    made = jobs.create(ws, "forecast", {})
    for worker in ("elsewhere:1", "elsewhere:2", "elsewhere:3"):
        assert jobs.claim(ws, worker, lease=NO_TIME) is not None
    assert jobs.claim(ws, "elsewhere:4") is None
    assert jobs.get(ws, made).state == "failed"


def test_an_unknown_job_is_not_found(ws: Workspace) -> None:
    with pytest.raises(NotFound):
        jobs.get(ws, 7)


def test_work_given_back_is_taken_up_again_three_times_at_most(ws: Workspace) -> None:
    made = jobs.create(ws, "forecast", {})
    assert not jobs.give_back(ws, made), "it is nobody's yet"
    for _ in range(3):
        job = jobs.claim(ws)
        assert job is not None
        assert job.finished is None
        assert jobs.give_back(ws, made)
    assert jobs.claim(ws) is None
    ended = jobs.get(ws, made)
    assert (ended.state, ended.attempts) == ("failed", 3)
    assert ended.finished is not None
