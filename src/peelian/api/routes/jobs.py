"""Jobs: long work is a row; the API writes and reads rows and computes nothing."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict, Field

from peelian.api.asking import Asked, asks
from peelian.store import jobs

router = APIRouter(prefix="/api/v1/jobs", tags=["jobs"])
Text = Annotated[str, Field(max_length=200)]
Argument = Text | int | float | bool | None | Annotated[list[Text], Field(max_length=20)]


class NewJob(BaseModel):
    """What to do, with flat arguments."""

    model_config = ConfigDict(extra="forbid")

    kind: Literal["forecast", "backtest", "concentration"]  # not ingest: a page may not name files here
    arguments: Annotated[dict[Annotated[str, Field(max_length=40)], Argument], Field(max_length=20)] = {}


@router.get("")
def read_jobs(asked: Annotated[Asked, Depends(asks("consultation", "jobs"))]) -> dict[str, Any]:
    """List jobs and how far they are, the newest first."""
    return {"jobs": [_shown(job) for job in jobs.list(asked.ws)]}


@router.post("", status_code=201)
def write_job(job: NewJob, asked: Annotated[Asked, Depends(asks("alteration", "job"))]) -> dict[str, Any]:
    """Queue a job; `peelian work` or `serve` runs it."""
    made = jobs.create(asked.ws, job.kind, job.arguments, actor=asked.actor, purpose=asked.purpose)
    return {"id": made, "state": "queued"}


def _shown(job: jobs.Job) -> dict[str, Any]:
    kept = ("id", "kind", "arguments", "state", "progress", "message", "created", "started", "finished")
    return {name: getattr(job, name) for name in kept}
