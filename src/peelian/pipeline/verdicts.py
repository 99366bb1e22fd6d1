"""Every verdict the gate has reached, newest first; a module of its own, for it needs no model."""

from __future__ import annotations

from typing import Any

from peelian.pipeline.context import Context
from peelian.store.gates import gate_history


def history(ctx: Context, area: str | None, target: str | None, every: str | None) -> list[dict[str, Any]]:
    """List every verdict kept, newest first; `in force` marks the one that stands for its key and kind."""
    ctx.consult("consultation", "gates")
    seen: set[tuple[Any, ...]] = set()
    out = []
    for gate in gate_history(ctx.ws, area, target, every):
        assert gate.key is not None
        mark = (gate.key, gate.kind)
        key = gate.key
        out.append(
            {
                "decided": gate.at.isoformat(timespec="seconds"), "kind": gate.kind, "area": key.area,
                "target": key.target, "every": key.every, "horizon": key.horizon, "window": key.window,
                "served": gate.served_model, "versions": gate.versions, "backtest": gate.source,
                "last_origin": str(gate.last_origin or ""), "in_force": mark not in seen,
                "sentence": str(gate.verdict.get("sentence", "")),
            }
        )  # fmt: skip
        seen.add(mark)
    return out
