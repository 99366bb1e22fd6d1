"""A plan asked for on its page: what may be typed, and the job it becomes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from peelian.api.asking import Asked
from peelian.domain.errors import Misuse, NotFound
from peelian.govern.policy import decide
from peelian.store import jobs
from peelian.store.runs import get_run

MOST_VISITS: Final = 1000
MOST_LEFT_OUT: Final = 50
"""Of the places that could be visited, per cent."""


@dataclass(frozen=True)
class Queued:
    """How far a plan that was asked for has come; `message` says why where it failed."""

    id: int
    state: str
    message: str


def may_ask(asked: Asked) -> bool:
    """Say whether the form is of any use to the reader; whether it may be sent is asked again then."""
    return asked.run_id is not None and decide(asked.actor, asked.purpose, "alteration", "plans").allowed


def ask_for_plan(asked: Asked, words: Mapping[str, str]) -> int:
    """Queue a plan of the run that is shown; give the job's id.

    Raises:
        Misuse: no whole number of visits, or a share left out that is none. NotFound: no run is held.
    """
    if asked.run_id is None:
        raise NotFound("there is no forecast to plan from", do="make one, then come back")
    visits = _whole(words.get("visits", ""), "number of visits", 1, MOST_VISITS)
    out = _whole(words.get("left_out", "") or "0", "share left out", 0, MOST_LEFT_OUT)
    run = get_run(asked.ws, asked.run_id)
    kept = {"visits": visits, "run": run.run_id, "target": run.target, "hold_out": out / 100}
    return jobs.create(asked.ws, "plan", kept, actor=asked.actor, purpose=asked.purpose)


def queued(asked: Asked, done: str) -> Queued | None:
    """Give how far the plan's job has come; None for what is no plan's job."""
    if not (done.isascii() and done.isdecimal()):
        return None
    try:
        job = jobs.get(asked.ws, int(done))
    except NotFound:
        return None
    return Queued(job.id, job.state, job.message) if job.kind == "plan" else None


def _whole(text: str, name: str, least: int, most: int) -> int:
    said = text.strip().removesuffix("%").strip()
    if not (said.isascii() and said.isdecimal() and len(said) <= 6 and least <= int(said) <= most):
        raise Misuse(
            f"the {name} is missing or no such number", expected=f"a whole number from {least} to {most}"
        )
    return int(said)
