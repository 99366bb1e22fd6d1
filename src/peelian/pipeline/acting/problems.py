"""Problems for whoever asks: opened, written, tasked after a decision, closed; and what is printed."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from peelian.api.acting import close, finish, task, today, write
from peelian.api.acting_opening import open_typed
from peelian.api.acting_view import whole_json
from peelian.api.tasking import Pack, meeting_list, meeting_markdown, pack_markdown, pack_of
from peelian.domain.errors import Misuse
from peelian.pipeline.acting.registering import desk
from peelian.pipeline.context import Context
from peelian.store.actions import HeldAction, list_actions
from peelian.store.decisions import list_decisions
from peelian.store.interventions import list_entries
from peelian.store.problems import HeldProblem, ProblemState, get_problem, list_problems


def opened(ctx: Context, typed: Mapping[str, str]) -> HeldProblem:
    """Open a problem from words or from warnings.

    Raises:
        Forbidden: when the policy says no.
        Misuse, Refused, NotFound: with the reason.
    """
    ctx.allow("collection", "problems")
    return open_typed(desk(ctx), typed)


def listed(ctx: Context, *, area: str | None = None, state: ProblemState | None = None) -> list[HeldProblem]:
    """List problems, open ones first.

    Raises:
        Forbidden: when the policy says no.
    """
    ctx.consult("consultation", "problems", area=area or "")
    return list_problems(ctx.ws, area=area, state=state)


def whole(ctx: Context, problem: int) -> dict[str, Any]:
    """Give a problem with its actions, decisions and interventions, as JSON values.

    Raises:
        Forbidden: when the policy says no.
        NotFound: there is none of that number.
    """
    ctx.consult("consultation", f"problem {problem}")
    ws = ctx.ws
    return whole_json(
        get_problem(ws, problem), list_actions(ws, problem_id=problem), list_decisions(ws, problem=problem),
        list_entries(ws, problem=problem), today(),
    )  # fmt: skip


def written(ctx: Context, problem: int, part: str, text: str, version: int | None = None) -> HeldProblem:
    """Write one part of a problem's record.

    Raises:
        Forbidden: when the policy says no.
        Misuse, Refused, NotFound: with the reason.
    """
    ctx.allow("alteration", "problems")
    return write(desk(ctx), problem, part, text, version)


def tasked(ctx: Context, problem: int, typed: Mapping[str, str]) -> HeldAction:
    """Give an agency something to do, after a decision.

    Raises:
        Forbidden: when the policy says no.
        Misuse, Refused, NotFound: with the reason.
    """
    ctx.allow("alteration", "problems")
    return task(desk(ctx), problem, typed)


def ended(ctx: Context, action: int, outcome: str) -> HeldAction:
    """Say how an action ended.

    Raises:
        Forbidden: when the policy says no.
        Misuse, Refused, NotFound: with the reason.
    """
    ctx.allow("alteration", "problems")
    return finish(desk(ctx), action, outcome)


def closed(ctx: Context, problem: int, reason: str, version: int | None = None) -> HeldProblem:
    """Close a problem that has an assessment and no action waiting.

    Raises:
        Forbidden: when the policy says no.
        Misuse, Refused, NotFound: with the reason.
    """
    ctx.allow("alteration", "problems")
    return close(desk(ctx), problem, reason, version)


def pack(ctx: Context, problem: int, decision: int | None, out: Path | None = None) -> Pack:
    """Give the tasking pack, and write it to `out` (Markdown) where asked.

    Raises:
        Forbidden: when the policy says no.
        Refused: no decision that stands is named.
        NotFound: no such problem or decision.
        Misuse: the file cannot be written.
    """
    ctx.consult("disclosure", f"tasking pack of problem {problem}")
    made = pack_of(ctx.ws, problem, decision)
    if out is not None:
        _write(out, pack_markdown(made))
    return made


def meeting(ctx: Context, area: str | None = None, out: Path | None = None) -> list[dict[str, Any]]:
    """Give each agency's actions that are not over, and write the list to `out` (Markdown) where asked.

    Raises:
        Forbidden: when the policy says no.
        Misuse: the file cannot be written.
    """
    ctx.consult("consultation", "actions of problems", area=area or "")
    found = meeting_list(ctx.ws, area=area)
    if out is not None:
        _write(out, meeting_markdown(found))
    return found


def _write(out: Path, text: str) -> None:
    try:
        out.write_text(text, "utf-8")
    except OSError:
        raise Misuse("the file cannot be written", expected="a file in a folder that exists") from None
