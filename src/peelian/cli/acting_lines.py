"""A problem and a decision as lines for people."""

from __future__ import annotations

from typing import Any

from peelian.domain.problem import PARTS


def problem_lines(one: dict[str, Any]) -> list[str]:
    """Say a problem in full."""
    where = ", ".join(one["names"]) or f"{len(one['places'])} places"
    lines = [
        f"Problem {one['id']}: {one['title']} ({one['state']}, version {one['version']})",
        f"{one['area']}, {one['target']}: {where}. Led by {one['owner_agency']}.",
    ]
    lines += [f"  {part}: {one['parts'].get(part) or '-'}" for part in PARTS]
    lines += [f"  {decision_line(decision)}" for decision in one["decisions"]]
    lines += [f"  {_action(one)}" for one in one["actions"]]
    done = one["interventions"]
    return [*lines, *(f"  done {e['id']}, {e['start']} to {e['end']}: {e['title']}" for e in done)]


def decision_line(one: dict[str, Any]) -> str:
    """Say a decision."""
    state = (
        "not to act" if one["refused"] else "waits for a second approver" if one["waits"]
        else "stands" if one["stands"] else "not approved"
    )  # fmt: skip
    return (
        f"decision {one['id']} about {one['about_kind']} {one['about']} ({state}), {one['by_role']}: "
        f"{one['decided']}. Why: {one['why']}"
    )


def _action(one: dict[str, Any]) -> str:
    late = " (overdue)" if one["overdue"] else ""
    over = f", over {one['done']}: {one['outcome']}" if one["done"] else ""
    return f"action {one['id']}, due {one['due']}{late}: {one['what']} ({one['agency']}){over}"
