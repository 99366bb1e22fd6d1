"""Records of transparency for the public: one page an area, one a record, the same as JSON and Markdown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from starlette.responses import HTMLResponse, PlainTextResponse

from peelian.api.asking import Asked, asks
from peelian.api.templates import render
from peelian.api.transparency_approvals import approval_of
from peelian.api.transparency_facts import gather, known_uses
from peelian.domain.errors import NotFound
from peelian.govern.records.all import APPROVED, MAKERS, TITLES, markdown, records
from peelian.govern.records.facts import Facts
from peelian.govern.records.record import Record
from peelian.govern.records.schema import as_published

router = APIRouter(tags=["transparency"])
Seen = Annotated[Asked, Depends(asks("consultation", "transparency"))]


@router.get("/transparency", include_in_schema=False)
def read_transparency_page(asked: Seen) -> HTMLResponse:
    """Give the areas that have records."""
    return render(
        "transparency.html", run=None, areas=[gather(asked.ws, one) for one in known_uses(asked.ws)]
    )


@router.get("/transparency/{area}", include_in_schema=False)
def read_records_page(area: str, asked: Seen) -> HTMLResponse:
    """Give the records of an area, what each lacks, and whether an approval still stands."""
    facts = gather(asked.ws, area)
    rows = [(one, TITLES[one.kind], _standing(asked, facts, one)) for one in records(facts)]
    return render("transparency_area.html", run=None, facts=facts, rows=rows, simulated=facts.simulated)


@router.get("/transparency/{area}/{record}", include_in_schema=False)
def read_record_page(area: str, record: str, asked: Seen) -> HTMLResponse:
    """Give one record as a page."""
    facts, one = _made(asked, area, record)
    return render("transparency_record.html", run=None, facts=facts, one=one, simulated=facts.simulated,
                  standing=_standing(asked, facts, one))  # fmt: skip


@router.get("/api/v1/transparency")
def read_transparency(asked: Seen) -> dict[str, Any]:
    """List the areas that have records, and the digest of the facts of each."""
    found = [gather(asked.ws, one) for one in known_uses(asked.ws)]
    return {"areas": [{"area": one.area, "name": one.area_name, "facts_sha256": one.digest} for one in found]}


@router.get("/api/v1/transparency/{area}")
def read_records(area: str, asked: Seen) -> dict[str, Any]:
    """Give every record of an area, its facts, and the ATRS record by the names of the standard."""
    facts = gather(asked.ws, area)
    made = [one.to_json() for one in records(facts)]
    return {
        "area": area, "simulated": facts.simulated, "facts_sha256": facts.digest, "facts": facts.said(),
        "records": made, "atrs": as_published(made[0]),
    }  # fmt: skip


@router.get("/api/v1/transparency/{area}/{record}.md")
def read_record_text(area: str, record: str, asked: Seen) -> PlainTextResponse:
    """Give one record as Markdown."""
    return PlainTextResponse(
        markdown(_made(asked, area, record)[1]), media_type="text/markdown; charset=utf-8"
    )


def _made(asked: Asked, area: str, record: str) -> tuple[Facts, Record]:
    if record not in MAKERS:
        raise NotFound("there is no such record", expected=", ".join(MAKERS))
    facts = gather(asked.ws, area)
    return facts, MAKERS[record](facts)


@dataclass(frozen=True)
class Standing:
    """How an assessment stands with its approval, in words, and which facts changed since."""

    said: str
    changed: tuple[str, ...] = ()


def _standing(asked: Asked, facts: Facts, one: Record) -> Standing | None:
    """Give how an assessment stands; None for a record that nobody approves."""
    if one.kind not in APPROVED:
        return None
    approval = approval_of(asked.ws, facts.area, one.kind)
    if approval is None:
        return Standing("A draft: not approved.")
    since = tuple(approval.changes(facts))
    on = f"Approved on {approval.at:%-d %B %Y} ({approval.reference})"
    if not since:
        return Standing(f"{on}; nothing it rests on has changed.")
    many = "a fact" if len(since) == 1 else f"{len(since)} facts"
    return Standing(f"{on}; CHANGED SINCE APPROVAL: {many}.", since)
