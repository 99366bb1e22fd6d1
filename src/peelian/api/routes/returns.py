"""Returns: list, figures as JSON, the workbook and the document, and a page; made by a job."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Final, Literal

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import FileResponse, HTMLResponse, Response

from peelian.api.asking import Asked, asks
from peelian.api.page_form import Form, Typed
from peelian.api.templates import render
from peelian.domain.errors import Misuse
from peelian.domain.returns import FLOORS, NAMES
from peelian.domain.typed_day import typed_day
from peelian.store import jobs
from peelian.store.known_areas import known_areas
from peelian.store.returns import FORMATS, folder_of, list_returns, read_return

router = APIRouter(tags=["returns"])
Word = Annotated[str, Field(max_length=80)]
_DAYS: Final = {"start": "first day", "end": "day after the last"}


class NewReturn(BaseModel):
    """Which return, of which area and whole months, and for whom."""

    model_config = ConfigDict(extra="forbid")

    name: Word
    area: Word = ""
    start: Word = ""
    end: Word = ""
    audience: Word = "force"


@router.get("/api/v1/returns")
def read_returns(asked: Annotated[Asked, Depends(asks("consultation", "returns"))]) -> dict[str, Any]:
    """List returns made, the newest first."""
    return {"returns": list_returns(asked.ws), "names": NAMES}


@router.get("/api/v1/returns/{id_}")
def read_one(id_: str, asked: Annotated[Asked, Depends(asks("consultation", "return"))]) -> dict[str, Any]:
    """Give the figures of a return: the very ones its workbook and document hold."""
    return read_return(asked.ws, id_)


@router.get("/api/v1/returns/{id_}/file")
def read_file(
    id_: str, asked: Annotated[Asked, Depends(asks("disclosure", "return file"))],
    format_: Annotated[Literal["xlsx", "docx"], Query(alias="format")] = "xlsx",
) -> FileResponse:  # fmt: skip
    """Give the workbook or the document of a return."""
    body = read_return(asked.ws, id_)
    path = folder_of(asked.ws, body["id"]) / f"return.{format_}"
    return FileResponse(path, media_type=FORMATS[format_], filename=f"{body['id']}.{format_}")


@router.post("/api/v1/returns", status_code=201)
def write_return(
    new: NewReturn, asked: Annotated[Asked, Depends(asks("combination", "return"))]
) -> dict[str, Any]:
    """Queue a return."""
    return {"job": _queue(asked, new.model_dump()), "state": "queued"}


@router.get("/returns", include_in_schema=False)
def read_returns_page(
    asked: Annotated[Asked, Depends(asks("consultation", "returns page"))],
    done: Annotated[str, Query(max_length=12)] = "",
) -> HTMLResponse:
    """Give the returns made, and the form of a new one."""
    return _page(asked, Typed(), done)


@router.post("/returns", include_in_schema=False)
def write_returns_page(
    asked: Annotated[Asked, Depends(asks("combination", "return"))], typed: Form
) -> Response:
    """Queue what was chosen."""
    return typed.then(
        lambda: _queue(asked, dict(typed.words)), lambda said: _page(asked, said),
        lambda job: f"/returns?done={job}",
    )  # fmt: skip


@router.get("/returns/{id_}", include_in_schema=False)
def read_return_page(
    id_: str, asked: Annotated[Asked, Depends(asks("consultation", "return page"))]
) -> HTMLResponse:
    """Give the page of one return."""
    one = read_return(asked.ws, id_)
    return render("return.html", simulated=one["simulated"], one=one)


def _page(asked: Asked, typed: Typed, done: str = "") -> HTMLResponse:
    return render(
        "returns.html", typed.status, simulated=asked.simulated,
        returns=list_returns(asked.ws), names=NAMES, audiences=list(FLOORS),
        areas=sorted(known_areas(asked.ws)), typed=typed, error=typed.error, done=done,
    )  # fmt: skip


def _queue(asked: Asked, words: dict[str, str]) -> int:
    chosen = {name: words.get(name, "").strip() for name in NewReturn.model_fields}
    if chosen["name"] not in NAMES or (chosen["audience"] or "force") not in FLOORS:
        raise Misuse("that is no return, or for no one", expected=f"{', '.join(NAMES)}; {', '.join(FLOORS)}")
    if chosen["area"] and chosen["area"] not in known_areas(asked.ws):  # never a file's path
        raise Misuse("that is no area held here", expected=", ".join(sorted(known_areas(asked.ws))[:20]))
    kept = {name: value for name, value in chosen.items() if value}
    kept |= {name: str(_first_of_month(kept[name], of)) for name, of in _DAYS.items() if name in kept}
    if len(kept.keys() & _DAYS.keys()) == len(_DAYS) and kept["end"] <= kept["start"]:
        raise Misuse("the period ends before it starts", expected="an end after the start")
    return jobs.create(asked.ws, "return", kept, actor=asked.actor, purpose=asked.purpose)


def _first_of_month(text: str, name: str) -> date:
    day = typed_day(text, name)
    if day.day != 1:
        raise Misuse(f"the {name} is not the first day of a month", expected="whole months: 1/4/2026")
    return day
