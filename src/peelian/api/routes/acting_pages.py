"""Pages of acting: problems, decisions, the register, actions. Made on the server; no script is needed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from starlette.responses import HTMLResponse, Response

from peelian.api import acting
from peelian.api.acting_asked import (
    ChangesProblem,
    Code,
    Decides,
    EntersRegister,
    OpensProblem,
    TakesPack,
    WithdrawsEntry,
    desk_of,
)
from peelian.api.acting_opening import open_typed
from peelian.api.acting_view import action_json, decision_json, entry_json, problem_json
from peelian.api.asking import Asked, asks
from peelian.api.keys import Key
from peelian.api.page_form import Form, Typed
from peelian.api.tasking import PLACES_ONLY, meeting_list, pack_of
from peelian.api.templates import render
from peelian.domain import warning_words as words
from peelian.domain.decision import ABOUT_KINDS
from peelian.domain.problem import ASKS, PARTS
from peelian.domain.target import TARGETS
from peelian.govern.policy import decide
from peelian.plan.catalogue.load import held as kinds_held
from peelian.store.actions import list_actions
from peelian.store.catalogue import reading
from peelian.store.decisions import list_decisions
from peelian.store.interventions import list_entries
from peelian.store.known_areas import known_areas
from peelian.store.problems import get_problem, list_problems
from peelian.store.warning_records import HeldWarning, readable_warnings

router = APIRouter(tags=["pages"], include_in_schema=False)


@router.get("/interventions")
def read_register_page(
    asked: Annotated[Asked, Depends(asks("consultation", "register page"))], done: Code = None,
    problem: Code = None,
) -> HTMLResponse:  # fmt: skip
    """Give the register and the form of a new entry."""
    return _register(asked, Typed({"problem": problem or ""}), done or "")


@router.post("/interventions")
def write_register_page(asked: EntersRegister, typed: Form) -> Response:
    """Enter what was typed."""
    return typed.then(
        lambda: acting.enter(desk_of(asked), typed.words), lambda said: _register(asked, said),
        lambda held: f"/interventions?done={held.entry.id}",
    )  # fmt: skip


@router.post("/interventions/{id_}/withdrawal")
def withdraw_page(id_: str, asked: WithdrawsEntry, typed: Form) -> Response:
    """Withdraw an entry with the reason typed."""
    return typed.then(
        lambda: acting.withdraw(desk_of(asked), id_, typed.get("reason")),
        lambda said: _register(asked, Typed({}, said.error)), lambda _: "/interventions",
    )  # fmt: skip


def _register(asked: Asked, typed: Typed, done: str = "") -> HTMLResponse:
    entries = [entry_json(one) for one in list_entries(asked.ws, withdrawn=True, last=500)]
    return render(
        "interventions.html", typed.status, simulated=asked.simulated,
        entries=entries, typed=typed, error=typed.error, done=done,
        areas=sorted(known_areas(asked.ws)), kinds=kinds_held(asked.ws.home), words=words,
    )  # fmt: skip


@router.get("/problems")
def read_problems_page(
    asked: Annotated[Asked, Depends(asks("consultation", "problems page"))], warning: Code = None
) -> HTMLResponse:
    """Give the problems and the form that opens one; `warning` opens it from an early warning."""
    return _problems(asked, Typed({"warnings": warning or ""}))


@router.post("/problems")
def write_problems_page(asked: OpensProblem, typed: Form) -> Response:
    """Open the problem that was typed."""
    return typed.then(
        lambda: open_typed(desk_of(asked), typed.words), lambda said: _problems(asked, said),
        lambda held: f"/problems/{held.id}",
    )  # fmt: skip


def _problems(asked: Asked, typed: Typed) -> HTMLResponse:
    rows = [problem_json(one) for one in list_problems(asked.ws)]
    return render(
        "problems.html", typed.status, simulated=asked.simulated,
        problems=rows, typed=typed, error=typed.error, words=words,
        areas=sorted(known_areas(asked.ws)), targets=TARGETS,
    )  # fmt: skip


@router.get("/problems/{problem}")
def read_problem_page(
    problem: Key, asked: Annotated[Asked, Depends(asks("consultation", "problem page"))]
) -> HTMLResponse:
    """Give one problem with the forms of its parts."""
    return _problem(asked, problem, Typed())


@router.post("/problems/{problem}/parts")
def write_part_page(problem: Key, asked: ChangesProblem, typed: Form) -> Response:
    """Write the part that was typed."""
    part = typed.get("part")
    return typed.then(
        lambda: acting.write(desk_of(asked), problem, part, typed.get("text"), _version(typed)),
        lambda said: _problem(asked, problem, said), lambda _: f"/problems/{problem}#{part}",
    )  # fmt: skip


@router.post("/problems/{problem}/actions")
def write_action_page(problem: Key, asked: ChangesProblem, typed: Form) -> Response:
    """Give an agency something to do."""
    return typed.then(
        lambda: acting.task(desk_of(asked), problem, typed.words),
        lambda said: _problem(asked, problem, said), lambda _: f"/problems/{problem}#actions",
    )  # fmt: skip


@router.post("/problems/{problem}/actions/{action}/end")
def end_action_page(problem: Key, action: Key, asked: ChangesProblem, typed: Form) -> Response:
    """Say how an action ended."""
    return typed.then(
        lambda: acting.finish(desk_of(asked), action, typed.get("outcome")),
        lambda said: _problem(asked, problem, said), lambda _: f"/problems/{problem}#actions",
    )  # fmt: skip


@router.post("/problems/{problem}/closing")
def close_problem_page(problem: Key, asked: ChangesProblem, typed: Form) -> Response:
    """Close the problem."""
    return typed.then(
        lambda: acting.close(desk_of(asked), problem, typed.get("reason"), _version(typed)),
        lambda said: _problem(asked, problem, said), lambda _: f"/problems/{problem}",
    )  # fmt: skip


def _version(typed: Typed) -> int | None:
    return acting.number(typed.get("version"), "version")


def _problem(asked: Asked, number: int, typed: Typed) -> HTMLResponse:
    ws = asked.ws
    held = get_problem(ws, number)
    decisions = list_decisions(ws, problem=number)
    return render(
        "problem.html", typed.status, simulated=asked.simulated,
        one=problem_json(held), parts=PARTS, asks=ASKS, typed=typed,
        error=typed.error, words=words, actions=[action_json(a, acting.today()) for a in
                                                 list_actions(ws, problem_id=number)],
        decisions=[decision_json(d) for d in decisions], standing=[d.id for d in decisions if d.stands],
        entries=[entry_json(e) for e in list_entries(ws, problem=number)],
        warnings=_warnings(asked, held.problem.warnings),
    )  # fmt: skip


def _warnings(asked: Asked, ids: Sequence[str]) -> list[HeldWarning]:
    """Give the warnings a problem came from to those who may see warnings: their words hold small counts."""
    if not decide(asked.actor, asked.purpose, "consultation", "early warning").allowed:
        return []
    with reading(asked.ws) as conn:
        return readable_warnings(conn, ids)


@router.get("/problems/{problem}/tasking")
def read_tasking_page(
    problem: Key, asked: TakesPack,
    decision: Annotated[int | None, Query(ge=1, lt=1 << 63)] = None,
) -> HTMLResponse:  # fmt: skip
    """Give the tasking pack for printing; refused without a decision that stands."""
    pack = pack_of(asked.ws, problem, decision)
    return render(
        "tasking.html", simulated=asked.simulated, pack=pack, parts=PARTS, words=words, note=PLACES_ONLY
    )


@router.get("/actions")
def read_actions_page(
    asked: Annotated[Asked, Depends(asks("consultation", "actions page"))], area: Code = None
) -> HTMLResponse:
    """Give the partners' list of actions, for printing."""
    agencies = meeting_list(asked.ws, area=area or None)
    return render(
        "actions.html", simulated=asked.simulated, agencies=agencies, on=str(acting.today()), note=PLACES_ONLY
    )


@router.get("/decisions")
def read_decisions_page(
    asked: Annotated[Asked, Depends(asks("consultation", "decisions page"))], about_kind: Code = None,
    about: Code = None, problem: Code = None, done: Code = None,
) -> HTMLResponse:  # fmt: skip
    """Give the decisions, the ethics queue first, and the form of a new one."""
    asked_for = {"about_kind": about_kind or "", "about": about or "", "problem": problem or ""}
    return _decisions(asked, Typed(asked_for), done or "")


@router.post("/decisions")
def write_decision_page(asked: Decides, typed: Form) -> Response:
    """Keep the decision that was typed."""
    return typed.then(
        lambda: acting.decide(desk_of(asked), typed.words), lambda said: _decisions(asked, said),
        lambda held: f"/decisions?done={held.id}",
    )  # fmt: skip


@router.post("/decisions/{decision}/second")
def write_second_page(decision: Key, asked: Decides, typed: Form) -> Response:
    """Complete a decision as its second approver."""
    return typed.then(
        lambda: acting.complete(desk_of(asked), decision, typed.words),
        lambda said: _decisions(asked, Typed({}, said.error)), lambda _: f"/decisions?done={decision}",
    )  # fmt: skip


def _decisions(asked: Asked, typed: Typed, done: str = "") -> HTMLResponse:
    rows = [decision_json(one) for one in list_decisions(asked.ws, last=300)]
    return render(
        "decisions.html", typed.status, simulated=asked.simulated,
        decisions=rows, waiting=[one for one in rows if one["waits"]],
        typed=typed, error=typed.error, kinds=ABOUT_KINDS, interventions=kinds_held(asked.ws.home), done=done,
    )  # fmt: skip
