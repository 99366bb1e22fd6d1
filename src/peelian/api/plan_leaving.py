"""A plan that leaves: as a table, for a map, for printing. Only by a decision that stands; never a power."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping
from typing import Any, Final

from peelian.api.acting_view import decision_json
from peelian.domain.errors import Misuse, NotFound, Refused
from peelian.domain.recorded_only import power_named
from peelian.domain.spreadsheet_text import harmless
from peelian.store.catalogue import reading
from peelian.store.decisions import must_be_decided
from peelian.store.plans import get_plan, read_outlines, read_visits
from peelian.store.workspace import Workspace

FORMATS: Final = {"csv": "text/csv; charset=utf-8", "geojson": "application/geo+json"}
NOTICE: Final = (
    "Expected records of events about places, never about people. No reason to stop, search or suspect "
    "anyone. What a visit prevents is not assumed."
)
COLUMNS: Final = (
    "place", "name", "area", "slot", "start", "end", "team", "agency", "kind", "round", "order", "minutes",
    "expected", "low", "high", "last_year", "pattern", "prevention_option", "led_by", "evidence",
    "plan", "run", "decision", "notice",
)  # fmt: skip


def leaving(ws: Workspace, plan_id: str, decision_id: int | None) -> dict[str, Any]:
    """Give a decided plan: `rows` in the order they are worked, each with a prevention option; `decision`.

    Raises:
        NotFound: no such plan or decision.
        Refused: no decision is named, it does not stand for this plan, or something in the plan names a power
            that is recorded only.
    """
    with reading(ws) as conn:
        made = get_plan(conn, plan_id)
        taken = must_be_decided(conn, "plan", plan_id, decision_id)
    decided = decision_json(taken)
    about = {"plan": made.id, "run": made.run, "decision": taken.id, "notice": NOTICE}
    rows = [
        {name: row.get(name) for name in COLUMNS}
        | _option(made.card["options"].get(row["place"], {}))
        | about
        for row in read_visits(ws, plan_id).to_dicts()
    ]
    for row in rows:
        row["start"], row["end"] = (str(row[name] or "") for name in ("start", "end"))
        _without_power(row)
    rows.sort(key=lambda row: (row["start"], row["team"] or "", row["round"] or 0, row["order"] or 0))
    return {
        "id": made.id, "area": made.area, "target": made.target, "run": made.run, "start": str(made.start),
        "end": str(made.end), "decision": decided, "rows": rows, "notice": NOTICE,
        "sharing": (made.card.get("sharing") or {}).get("sentence", ""),
    }  # fmt: skip


def leave(ws: Workspace, plan_id: str, decision_id: int | None, form: str) -> str:
    """Give a decided plan as `csv` or `geojson`; raises as `leaving`, and Misuse for another format."""
    if form not in FORMATS:
        raise Misuse("an unknown format", expected=", ".join(FORMATS))
    made = leaving(ws, plan_id, decision_id)
    return _csv(made) if form == "csv" else _geojson(made, read_outlines(ws, plan_id))


def _option(offer: Mapping[str, Any]) -> dict[str, str]:
    """The best prevention option, or the statement that there is none."""
    best = next((one for one in offer.get("options", ()) if one["prevention"]), None)
    if best is None:
        said = offer.get("statement") or "no evidence-matched option"
        return {"prevention_option": said, "led_by": "", "evidence": ""}
    return {"prevention_option": best["title"], "led_by": best["lead_agency"], "evidence": best["strength"]}


def _without_power(row: dict[str, Any]) -> None:
    """A street may bear such a word, and its number stands for it; anything else must not leave."""
    if power_named(str(row["name"])) is not None:
        row["name"] = f"place {row['place']}"
    texts = [str(value) for name, value in row.items() if name != "notice" and isinstance(value, str)]
    if power_named(*texts) is not None:
        raise Refused(
            "the plan names a power that is recorded and evaluated only", expected="a plan of other means",
            do="make the plan again without it",
        )  # fmt: skip


def _csv(made: dict[str, Any]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for row in made["rows"]:
        values = (row[name] for name in COLUMNS)
        writer.writerow([harmless(one) if isinstance(one, str) else one for one in values])
    return out.getvalue()


def _geojson(made: dict[str, Any], outlines: Mapping[str, str]) -> str:
    """A feature for each visit (RFC 7946, WGS84)."""
    if not outlines:
        raise NotFound("the outlines of this plan are not here", do="make the plan again, or export CSV")
    features = [
        {
            "type": "Feature", "geometry": json.loads(outlines[row["place"]]),
            "properties": {name: row[name] for name in COLUMNS if name != "notice"},
        }
        for row in made["rows"]
    ]  # fmt: skip
    head = {name: made[name] for name in ("id", "run", "notice", "sharing")}
    whole = {"type": "FeatureCollection", **head, "decision": made["decision"]["id"], "features": features}
    return json.dumps(whole, ensure_ascii=False)
