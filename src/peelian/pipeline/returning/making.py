"""Make a return: count, hold back small numbers for others, write JSON, XLSX and DOCX beside one another."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

from peelian.domain.actor import Verb
from peelian.domain.canonical import digest_of
from peelian.domain.errors import Misuse, Refused
from peelian.domain.progress import Tick, no_tick
from peelian.domain.returns import FLOORS, NOTICE, Audience, Block, block_json, floored
from peelian.pipeline.context import Context
from peelian.pipeline.returning.acting import problems_block, register_block, verdicts_block
from peelian.pipeline.returning.events import events_block
from peelian.pipeline.returning.held import Held, held
from peelian.pipeline.returning.measures import measures_block
from peelian.pipeline.returning.patrols import patrols_block
from peelian.pipeline.returning.standing import concentration_block, statements_block
from peelian.pipeline.returning.template import Asks, read_template, template_text
from peelian.store.catalogue import now, transaction
from peelian.store.ledger import latest_snapshot
from peelian.store.returns import folder_of
from peelian.store.runs import latest_run

BY_KIND: Final[dict[str, Callable[[Asks, Held, Context], Block]]] = {
    "events": lambda asks, of, _: events_block(asks, of),
    "measures": measures_block,
    "register": register_block,
    "patrols": patrols_block,
    "verdicts": verdicts_block,
    "concentration": concentration_block,
    "problems": problems_block,
    "statements": lambda asks, of, _: statements_block(asks, of),
}


@dataclass(frozen=True)
class ReturnRequest:
    """Which return, of which area and whole months, for whom, by which template (default: shipped)."""

    name: str
    area: str | None = None
    start: date | None = None
    end: date | None = None
    audience: Audience = "force"
    template: Path | None = None


def make_return(ctx: Context, asked: ReturnRequest, tick: Tick = no_tick) -> dict[str, Any]:
    """Give a return as JSON values, kept in the workspace with its XLSX and DOCX.

    Raises:
        Forbidden: when the policy says no.
        Misuse: an unknown return or audience, a template or period that is none.
        Refused: nothing is held, or hotspots are asked for in a public copy.
    """
    from peelian.pipeline.returning.document import write_docx  # late: both load what no other command needs
    from peelian.pipeline.returning.workbook import write_xlsx

    if asked.audience not in FLOORS:
        raise Misuse("a return is for nobody of that kind", expected=", ".join(FLOORS))
    text = template_text(asked.name, asked.template)
    template = read_template(text)
    if asked.audience == "public" and any(one.kind == "patrols" for one in template.blocks):
        raise Refused(
            "hotspots are smaller than the smallest area a public copy may tell",
            do="make it for partners, or leave the table of hotspots out of the template",
        )
    verb: Verb = "combination" if asked.audience == "force" else "disclosure"
    ctx.consult(verb, f"return {asked.name} for {asked.audience}", area=asked.area or "")
    tick("reading the ledger", 0.1)
    of = held(ctx, asked.area, asked.start, asked.end)
    blocks = []
    for k, one in enumerate(template.blocks):
        tick(one.title, 0.2 + 0.6 * k / len(template.blocks))
        blocks.append(block_json(floored(BY_KIND[one.kind](one, of, ctx), asked.audience)))
    run = latest_run(ctx.ws, of.area.code)
    body: dict[str, Any] = {
        "name": asked.name, "title": template.title, "text": template.text, "read": list(template.read),
        "area": of.area.code, "area_name": of.area.name, "from": str(of.period.start),
        "to": str(of.period.end), "period": of.period.said, "audience": asked.audience,
        "rules": _rules(asked.audience), "notice": NOTICE, "simulated": of.area.simulated,
        "run": run.run_id if run else None, "snapshot": latest_snapshot(ctx.ws),
        "template": digest_of(text), "blocks": blocks, "forces": of.forces,
        "agreements": sorted(of.events["agreement"].unique().to_list()),
    }  # fmt: skip
    body["id"] = f"{asked.name}-{of.area.code}-{of.period.start:%Y%m}-{asked.audience}-{digest_of(body)[:10]}"
    body["made"] = now().isoformat(timespec="seconds")
    tick("writing", 0.9)
    folder = folder_of(ctx.ws, body["id"])
    folder.mkdir(parents=True, exist_ok=True)
    write_xlsx(body, folder / "return.xlsx")
    write_docx(body, folder / "return.docx")
    (folder / "return.json").write_text(json.dumps(body, indent=1))  # last: what is listed is whole
    with transaction(ctx.ws) as conn:
        ctx.record(conn, verb, f"return {body['id']} written", area=of.area.code, window=of.period.said)
    return body


def _rules(audience: Audience) -> str:
    floor = FLOORS[audience]
    if not floor:
        return "The force's own copy: exact counts. Not for others."
    return (
        f"A copy for {audience} readers: counts of harm or people under {floor} are withheld, 0 among them; "
        "others are rounded to 5, so sums need not agree."
    )
