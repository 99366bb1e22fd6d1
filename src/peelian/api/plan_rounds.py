"""The rounds of a plan: each team's stops in a shift, in the order to make them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any


def rounds_of(rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Give slot, team, agency and stops of each round, by time; stops without an order are told apart.

    Nothing is given for a plan without teams, or one made before rounds were kept.
    """
    found: dict[tuple[int, str, int], list[Mapping[str, Any]]] = {}
    for row in rows:
        if row.get("team"):
            found.setdefault((row["slot_number"], row["team"], row["round"] or 0), []).append(row)
    return [
        {
            "slot": stops[0]["slot"], "team": team, "agency": stops[0]["agency"], "round": number or None,
            "stops": [one["name"] for one in sorted(stops, key=lambda one: one["order"] or 0)],
        }
        for (_, team, number), stops in sorted(found.items())
    ]  # fmt: skip
