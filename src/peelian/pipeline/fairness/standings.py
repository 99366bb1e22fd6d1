"""How each model served stands with its audit."""

from __future__ import annotations

from typing import Any

from peelian.pipeline.context import Context
from peelian.pipeline.fairness.served import served_runs
from peelian.store.catalogue import reading
from peelian.store.fairness_audits import audit_of, standing_of
from peelian.store.stopped import stopped_too, stops


def standings(ctx: Context, area: str | None = None) -> list[dict[str, Any]]:
    """Give a row a model served: its run, where its audit stands, what was found, why it is stopped.

    Raises:
        NotFound: nothing is served.
    """
    ctx.consult("consultation", "fairness", area=area or "")
    with stopped_too():  # one that is stopped for want of an audit is listed, to say so
        rows = served_runs(ctx, area)
    with reading(ctx.ws) as conn:
        now = stops(conn)
    out = []
    for row in rows:
        found = audit_of(ctx.ws, row)
        out.append({
            "area": row.area, "target": row.target, "every": row.every, "run": row.run_id,
            "model": str(row.card["model"]["id"]), "standing": standing_of(ctx.ws, row).to_json(),
            "found": found.sentence if found else "",
            "alternatives": (found.body.get("alternatives") or {}).get("sentence", "") if found else "",
            "stopped": now.of(row.area),
        })  # fmt: skip
    return out
