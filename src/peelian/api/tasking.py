"""The tasking pack of a problem and the partners' list of actions: what they hold, and what stays out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from peelian.api.acting import today
from peelian.api.acting_view import action_json, decision_json, entry_json, problem_json
from peelian.domain import warning_words as words
from peelian.domain.problem import PARTS
from peelian.store.actions import list_actions
from peelian.store.catalogue import reading
from peelian.store.decisions import must_be_decided
from peelian.store.interventions import list_entries
from peelian.store.problems import get_problem, list_problems
from peelian.store.warning_records import readable_warnings
from peelian.store.workspace import Workspace

PLACES_ONLY = (
    "It names places and organisations, never people. It is no reason to stop, search or suspect anyone."
)


@dataclass(frozen=True)
class Pack:
    """A tasking pack as JSON values, and sentences for what was left out of it."""

    problem: dict[str, Any]
    decision: dict[str, Any]
    actions: list[dict[str, Any]]
    interventions: list[dict[str, Any]]
    warnings: list[dict[str, str]]
    left_out: list[str]
    printed: str

    def to_json(self) -> dict[str, Any]:
        """Give it for machines."""
        return vars(self) | {"note": PLACES_ONLY}


def pack_of(ws: Workspace, problem_id: int, decision_id: int | None) -> Pack:
    """Give the pack of a problem, by a decision about it or within it.

    Raises:
        NotFound: there is no such problem or decision.
        Refused: no decision is named, or it does not stand for this problem.
    """
    with reading(ws) as conn:
        held = get_problem(conn, problem_id)
        taken = must_be_decided(conn, "problem", str(problem_id), decision_id)
        actions = list_actions(conn, problem_id=problem_id)
        done = [entry_json(one) for one in list_entries(conn, problem=problem_id)]
        cards = [one.card for one in readable_warnings(conn, held.problem.warnings)]
    on = today()
    told = [card for card in cards if words.has_point(card)]
    kept = [one for one in done if not one["recorded_only"]]
    return Pack(
        problem_json(held), decision_json(taken), [action_json(one, on) for one in actions], kept,
        [{"id": one.id, "where": words.where(one), "sentence": words.sentence(one)} for one in told],
        _left_out(len(cards) - len(told), len(done) - len(kept)), str(on),
    )  # fmt: skip


def meeting_list(ws: Workspace, *, area: str | None = None) -> list[dict[str, Any]]:
    """Give each agency's actions that are not over, the earliest due first, for the partners' meeting."""
    on = today()
    titles = {one.id: one.problem.title for one in list_problems(ws, area=area, last=10_000)}
    found: dict[str, list[dict[str, Any]]] = {}
    for one in list_actions(ws, area=area, waiting=True):
        row = action_json(one, on) | {"problem_title": titles.get(one.problem, "")}
        found.setdefault(one.agency, []).append(row)
    return [{"agency": agency, "actions": found[agency]} for agency in sorted(found, key=str.casefold)]


def pack_markdown(pack: Pack) -> str:
    """Give the pack as Markdown."""
    problem, decision = pack.problem, pack.decision
    where = ", ".join(map(_plain, problem["names"])) or _places(problem)
    lines = [
        f"# Tasking pack: {_plain(problem['title'])}", "",
        f"Problem {problem['id']}, {_plain(problem['area'])}. Led by {_plain(problem['owner_agency'])}. "
        f"Printed {_day(pack.printed)}.", "", f"Where: {where}.", "",
        f"**Decided** (decision {decision['id']}, {_plain(decision['by_role'])}, "
        f"{_day(decision['at'][:10])}): "
        f"{_plain(decision['decided'])}. Why: {_plain(decision['why'])}. "
        f"Considered: {'; '.join(map(_plain, decision['options']))}.",
    ]  # fmt: skip
    for part in PARTS:
        lines += [
            "",
            f"## {part.capitalize()}",
            "",
            _plain(problem["parts"].get(part, "")) or "Not written yet.",
        ]
    lines += ["", "## Actions", "", *actions_table(pack.actions)]
    if pack.warnings:
        lines += ["", "## Early warnings", ""]
        lines += [f"- {_plain(one['where'])}: {_plain(one['sentence'])}" for one in pack.warnings]
        lines += ["", words.NOT_MEANT]
    if pack.interventions:
        lines += ["", "## Done so far", ""]
        lines += [
            f"- {_plain(one['title'])} ({_plain(one['kind'])}), {_day(one['start'])} to "
            f"{_day(one['last_day'])}: {one['dose']:g} {_plain(one['dose_unit'])}, {_plain(one['agency'])}."
            for one in pack.interventions
        ]
    lines += [f"\n{one}" for one in pack.left_out]
    return "\n".join([*lines, "", PLACES_ONLY, ""])


def meeting_markdown(agencies: list[dict[str, Any]]) -> str:
    """Give the partners' list of actions as Markdown."""
    lines = [f"# Actions for the partners' meeting, {_day(str(today()))}"]
    for one in agencies:
        lines += ["", f"## {_plain(one['agency'])}", "", *actions_table(one["actions"])]
    if not agencies:
        lines += ["", "No action is waiting."]
    return "\n".join([*lines, "", PLACES_ONLY, ""])


def actions_table(actions: list[dict[str, Any]]) -> list[str]:
    """Give actions as the lines of a Markdown table."""
    if not actions:
        return ["None yet."]
    rows = [
        f"| {_plain(one['what'])} | {_plain(one['agency'])} | {_day(one['due'])} | {_state(one)} |"
        for one in actions
    ]
    return ["| what | agency | due | state |", "| --- | --- | --- | --- |", *rows]


def _state(one: dict[str, Any]) -> str:
    if one["done"]:
        return f"over {_day(one['done'])}: {_plain(one['outcome'])}"
    return "overdue" if one["overdue"] else "waiting"


def _left_out(repeats: int, powers: int) -> list[str]:
    said = []
    if repeats:
        said.append(
            f"Left out: {repeats} of its early warnings, repeat reports for a welfare and case-review check."
        )
    if powers:
        said.append(
            f"Left out: {powers} entries of the register, of powers that are recorded and evaluated only."
        )
    return said


def _places(problem: dict[str, Any]) -> str:
    many = len(problem["places"])
    return f"{many} places ({problem['area_kind']})" if many else "the whole area"


def _day(text: str) -> str:
    return words.day(date.fromisoformat(text))


def _plain(text: str) -> str:
    """A typed text inside Markdown: it can make no table cell, heading, link or HTML of its own."""
    for mark in "\\`*_[]<>|#":
        text = text.replace(mark, f"\\{mark}")
    return text.rstrip(".")
