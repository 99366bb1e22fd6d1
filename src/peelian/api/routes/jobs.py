"""Jobs: long work is a row; the API writes and reads rows and computes nothing."""

from __future__ import annotations

import re
from typing import Annotated, Any, Final, Literal

from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict, Field

from peelian.api.asking import Asked, asks
from peelian.domain.errors import Misuse
from peelian.store import jobs

router = APIRouter(prefix="/api/v1/jobs", tags=["jobs"])
Text = Annotated[str, Field(max_length=200)]
Argument = Text | int | float | bool | None | Annotated[list[Text], Field(max_length=20)]
_BOTH: Final = frozenset({"target", "every", "area", "horizon", "window", "seed", "harm"})
MAY_SAY: Final = {
    "forecast": _BOTH | {"origin", "model"},
    "concentration": _BOTH | {"origin", "model"},
    "backtest": _BOTH | {"first", "last", "lag", "models"},
}
"""What each kind of job may be told from a page: nothing that reads a file here, or lifts a check."""
_CODE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9 _-]{0,79}")


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
    _check(job)
    made = jobs.create(asked.ws, job.kind, job.arguments, actor=asked.actor, purpose=asked.purpose)
    return {"id": made, "state": "queued"}


def _check(job: NewJob) -> None:
    unknown = sorted(set(job.arguments) - MAY_SAY[job.kind])
    if unknown:
        raise Misuse(
            f"a {job.kind} takes no such argument", expected=", ".join(sorted(MAY_SAY[job.kind])),
            do="leave the others out, or use the command line",
        )  # fmt: skip
    area = job.arguments.get("area")
    if area is not None and not (isinstance(area, str) and _CODE.fullmatch(area)):
        raise Misuse("the area is no code", expected="an area's code, as /api/v1/runs gives it; not a file")


def _shown(job: jobs.Job) -> dict[str, Any]:
    kept = ("id", "kind", "arguments", "state", "progress", "message", "created", "started", "finished")
    return {name: getattr(job, name) for name in kept}
