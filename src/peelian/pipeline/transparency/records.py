"""Write, check and approve the records of transparency of an area."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from peelian.api.transparency_approvals import Approval, approval_of, keep_approval
from peelian.api.transparency_facts import gather, known_uses
from peelian.api.transparency_settings import settings_file, template
from peelian.domain.errors import Misuse, Refused
from peelian.govern.records.all import APPROVED, markdown, records
from peelian.govern.records.facts import Facts
from peelian.govern.records.schema import NAME, as_published, faults, schema
from peelian.guard.acting import no_person
from peelian.pipeline.context import Context
from peelian.store.catalogue import transaction


@dataclass(frozen=True)
class Checked:
    """What an area's records lack. `live`: its deployment is registered as in use."""

    area: str
    live: bool
    digest: str
    fields: int
    missing: tuple[str, ...]
    """Record and field, and what is needed."""
    faults: tuple[str, ...]
    """Where the ATRS record is not as its schema says."""
    changed: tuple[str, ...]
    """Facts that changed since a record was approved, by record."""

    @property
    def stands(self) -> bool:
        """Say whether nothing is missing and nothing changed since it was approved."""
        return not (self.missing or self.faults or self.changed)


def areas(ctx: Context) -> list[str]:
    """Give the areas that have records.

    Raises:
        Refused: there is none.
    """
    found = known_uses(ctx.ws)
    if not found:
        raise Refused(
            "no area is forecast or registered here", do="forecast first, or: peelian deployment set"
        )
    return found


def check(ctx: Context, area: str) -> Checked:
    """Say what an area's records lack.

    Raises:
        NotFound, Misuse: there is no such area; the answers cannot be read.
    """
    ctx.consult("consultation", "transparency", area=area)
    facts = gather(ctx.ws, area)
    made = records(facts)
    missing = [f"{one.kind} {field.number} {field.label}: {field.text.splitlines()[0]}"
               for one in made for field in one.missing]  # fmt: skip
    return Checked(
        area, facts.live, facts.digest, sum(len(one.fields) for one in made), tuple(missing),
        tuple(faults(as_published(made[0].to_json()))), tuple(_changed(ctx, facts)),
    )  # fmt: skip


def _changed(ctx: Context, facts: Facts) -> list[str]:
    held = ((kind, approval_of(ctx.ws, facts.area, kind)) for kind in APPROVED)
    return [f"{kind}: {line}" for kind, one in held if one is not None for line in one.changes(facts)]


def write(ctx: Context, area: str, folder: Path) -> list[Path]:
    """Write every record of an area as JSON and Markdown, with the schema; give the files.

    Raises:
        Misuse: the folder's place does not exist, or is a file.
    """
    if not folder.resolve().parent.is_dir() or folder.is_file():
        raise Misuse("there is no place for that folder", expected="--out, a folder in one that exists")
    ctx.consult("disclosure", "transparency", area=area)
    facts, out = gather(ctx.ws, area), []
    folder.mkdir(exist_ok=True)
    for one in records(facts):
        for ending, text in (("json", json.dumps(one.to_json(), indent=1)), ("md", markdown(one))):
            out.append(folder / f"{one.kind}.{ending}")
            out[-1].write_text(text, "utf-8")
    published = as_published(records(facts)[0].to_json())
    for name, body in (("atrs-4.0.json", published), (NAME, schema()), ("facts.json", facts.said())):
        out.append(folder / name)
        out[-1].write_text(json.dumps(body, indent=1), "utf-8")
    return out


def write_template(ctx: Context, *, simulated: bool = False) -> Path:
    """Write the file of questions into the workspace.

    Raises:
        Misuse: it is there already; answers are never overwritten.
    """
    ctx.allow("alteration", "transparency")
    path = settings_file(ctx.ws)
    if path.exists():
        raise Misuse(f"there is a settings/{path.name} already", do="edit it, or move it away first")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(template(simulated=simulated), "utf-8")
    with transaction(ctx.ws) as conn:
        ctx.record(conn, "alteration", "questions of transparency written")
    return path


def approve(ctx: Context, area: str, kind: str, reference: str) -> Approval:
    """Keep that people approved a record as it is now; later changes of its facts are told.

    Raises:
        Misuse: it is none that is approved, or no reference is given.
        Refused: it still lacks facts.
    """
    if kind not in APPROVED:
        raise Misuse("that record is not approved by anyone", expected=", ".join(APPROVED))
    if not reference.strip():
        raise Misuse("the approval has no reference", expected="--reference, where the decision is kept")
    no_person(reference=reference)
    ctx.allow("alteration", "transparency")
    facts = gather(ctx.ws, area)
    lacks = next(one for one in records(facts) if one.kind == kind).missing
    if lacks:
        raise Refused(
            f"{len(lacks)} fields lack a fact", do=f"see them with: peelian transparency check {area}"
        )
    with transaction(ctx.ws) as conn:
        ctx.record(conn, "alteration", f"{kind} approved", area=area)
    return keep_approval(ctx.ws, facts, kind, reference.strip())
