"""Whose work a job is: looked up as it starts and as it goes on, for the right may have been lost since."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from time import monotonic
from typing import Final

from peelian.api.access import read_access
from peelian.domain.actor import LOCAL_ANALYST, PURPOSES, Actor, Purpose
from peelian.domain.errors import Forbidden, NotFound
from peelian.govern import policy
from peelian.pipeline.context import Context
from peelian.store.accounts import get_account
from peelian.store.catalogue import reading
from peelian.store.grants import reader_of
from peelian.store.jobs import Job
from peelian.store.row_cut import Reader, reading_as
from peelian.store.workspace import Workspace

AGAIN_S: Final = 2.0
"""How often the account of a job that goes on is looked up again."""
_AGAIN = "have someone who may queue it anew"


@contextmanager
def as_queuer(ctx: Context, job: Job) -> Iterator[Context]:
    """Give the context of whoever queued a job, as the account stands now; reads are cut to its reach.

    Raises:
        Forbidden: the account is gone or revoked, or no line lets its role have this kind of job done.
    """
    actor, purpose, reader = _ground(ctx.ws, job)
    with reading_as(reader):
        yield replace(ctx, actor=actor, purpose=purpose, job=job.kind)


def still_theirs(ctx: Context, job: Job) -> Callable[[], None]:
    """Give a look at whether the queuer may still have it done: at most every two seconds, as it goes on.

    What is given raises Forbidden once the account is revoked or lost its line, or reads other than it did.
    """
    began, looked = _ground(ctx.ws, job), monotonic()

    def again() -> None:
        nonlocal looked
        if monotonic() - looked < AGAIN_S:
            return
        looked = monotonic()
        with reading_as(None):
            now = _ground(ctx.ws, job)
        if now != began:
            raise Forbidden("what this account may read changed while the job ran", do=_AGAIN)

    return again


def _ground(ws: Workspace, job: Job) -> tuple[Actor, Purpose, Reader | None]:
    """Give who a job is of and what they may read, now.

    Raises:
        Forbidden: see `as_queuer`.
    """
    actor, purpose = _who(ws, job)
    policy.check(actor, purpose, "alteration", f"job {job.kind}")
    if actor == LOCAL_ANALYST:
        return actor, purpose, None
    home = read_access(ws.home, "accounts", secure=False).force
    with reading(ws) as conn:
        return actor, purpose, reader_of(conn, actor, purpose, home)


def _who(ws: Workspace, job: Job) -> tuple[Actor, Purpose]:
    said = job.actor
    purpose = next((one for one in PURPOSES if one == said.get("purpose")), None)
    if purpose is None:
        raise Forbidden("the job names no purpose", do=_AGAIN)
    if (said.get("id"), said.get("role")) == (LOCAL_ANALYST.id, LOCAL_ANALYST.role):
        return LOCAL_ANALYST, purpose  # no account can have this id
    try:
        with reading(ws) as conn:
            held = get_account(conn, said.get("id", ""))
    except NotFound:
        raise Forbidden("who queued this job has no account here any more", do=_AGAIN) from None
    if held.revoked is not None:
        raise Forbidden("the account that queued this job was revoked", do=_AGAIN)
    return held.actor, purpose
