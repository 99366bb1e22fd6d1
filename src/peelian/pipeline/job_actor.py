"""Whose work a job is: looked up as the job starts, for whoever queued it may have lost the right since."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from peelian.api.access import read_access
from peelian.domain.actor import LOCAL_ANALYST, PURPOSES, Actor, Purpose
from peelian.domain.errors import Forbidden, NotFound
from peelian.govern import policy
from peelian.pipeline.context import Context
from peelian.store.accounts import get_account
from peelian.store.catalogue import reading
from peelian.store.grants import reader_of
from peelian.store.jobs import Job
from peelian.store.row_cut import reading_as
from peelian.store.workspace import Workspace

_AGAIN = "have someone who may queue it anew"


@contextmanager
def as_queuer(ctx: Context, job: Job) -> Iterator[Context]:
    """Give the context of whoever queued a job, as the account stands now; reads are cut to its reach.

    Raises:
        Forbidden: the account is gone or revoked, or no line lets its role have this kind of job done.
    """
    actor, purpose = _who(ctx.ws, job)
    policy.check(actor, purpose, "alteration", f"job {job.kind}")
    reader = None
    if actor != LOCAL_ANALYST:
        home = read_access(ctx.ws.home, "accounts", secure=False).force
        with reading(ctx.ws) as conn:
            reader = reader_of(conn, actor, purpose, home)
    with reading_as(reader):
        yield replace(ctx, actor=actor, purpose=purpose, job=job.kind)


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
