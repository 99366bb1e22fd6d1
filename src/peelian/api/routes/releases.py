"""Releases to the public: what waits, what stands, and the second person's word. And what is public."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal

from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field
from starlette.responses import HTMLResponse, Response

from peelian.api.asking import Asked, asks
from peelian.api.page_form import Form, Typed
from peelian.api.templates import render
from peelian.domain.errors import Misuse
from peelian.store.catalogue import transaction
from peelian.store.releases import decide, get_release, list_releases

router = APIRouter(tags=["releases"])
Said = Literal["approved", "refused", "withdrawn"]
_SAID: Final = ("approved", "refused", "withdrawn")
_LONGEST: Final = 2_000


class Word(BaseModel):
    """The second person's word on a release."""

    state: Said
    why: str = Field(min_length=1, max_length=_LONGEST)


def release_json(one: Any) -> dict[str, Any]:
    """Give what a list says of a release; never what it withholds."""
    return {
        "id": one.id, "kind": one.kind, "area": one.area, "target": one.target, "from": str(one.start),
        "to": str(one.end), "state": one.state, "proposed_by": one.proposed_by, "second_by": one.second_by,
        "why": one.why, "figures": len(one.table["shown"]), "withheld": len(one.table["withheld"]),
    }  # fmt: skip


@router.get("/api/v1/releases")
def read_releases(asked: Annotated[Asked, Depends(asks("consultation", "releases"))]) -> dict[str, Any]:
    """List releases, proposed, approved, refused and withdrawn."""
    return {"releases": [release_json(one) for one in list_releases(asked.ws)]}


@router.post("/api/v1/releases/{release}/word")
def say_word(
    release: str, word: Word, asked: Annotated[Asked, Depends(asks("disclosure", "release"))]
) -> dict[str, Any]:
    """Approve or refuse what another proposed, or withdraw what stands."""
    _decide(asked, release, word.state, word.why)
    return release_json(get_release(asked.ws, release))


@router.get("/api/v1/public/tables")
def read_public(asked: Annotated[Asked, Depends(asks("consultation", "public tables"))]) -> dict[str, Any]:
    """Give every table that two people released: counts by neighbourhood and quarter, floored and rounded."""
    rows = list_releases(asked.ws, state="approved")
    return {
        "tables": [
            {"id": one.id, "area": one.area, "target": one.target, "from": str(one.start), "to": str(one.end)}
            | {name: one.table[name] for name in ("title", "simulated", "shown", "withheld", "note")}
            for one in rows
        ]
    }  # fmt: skip


@router.get("/releases", include_in_schema=False)
def read_releases_page(
    asked: Annotated[Asked, Depends(asks("consultation", "releases page"))],
) -> HTMLResponse:
    """Give the page of releases."""
    return _page(asked, Typed())


@router.post("/releases/{release}", include_in_schema=False)
def say_word_page(
    release: str, asked: Annotated[Asked, Depends(asks("disclosure", "release"))], typed: Form
) -> Response:
    """Take the second person's word as typed."""
    return typed.then(
        lambda: _decide(asked, release, typed.get("state"), typed.get("why")),
        lambda said: _page(asked, said), lambda _: "/releases",
    )  # fmt: skip


def _page(asked: Asked, typed: Typed) -> HTMLResponse:
    rows = [release_json(one) for one in list_releases(asked.ws)]
    return render(
        "releases.html",
        simulated=asked.simulated,
        status=typed.status,
        releases=rows,
        error=typed.error,
        me=asked.actor.id,
        run=None,
    )


def _decide(asked: Asked, release: str, state: str, why: str) -> None:
    if state not in _SAID or not why.strip() or len(why) > _LONGEST:
        raise Misuse(
            "the word is not complete", expected="approve, refuse or withdraw, and why, in a sentence"
        )
    with transaction(asked.ws) as conn:
        decide(conn, asked.actor, asked.purpose, release, state, why.strip())
