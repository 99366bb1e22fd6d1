"""Acting by API: the register, problems, actions and decisions. Each change is audited with its own rows."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import PlainTextResponse, Response

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
from peelian.api.acting_view import action_json, decision_json, entry_json, problem_json, whole_json
from peelian.api.asking import Asked, asks
from peelian.api.keys import Key
from peelian.api.tasking import meeting_list, pack_markdown, pack_of
from peelian.domain.register_rules import FIELDS
from peelian.store.actions import list_actions
from peelian.store.decisions import get_decision, list_decisions
from peelian.store.interventions import get_entry, list_entries
from peelian.store.problems import get_problem, list_problems

router = APIRouter(prefix="/api/v1", tags=["acting"])
SeesRegister = Annotated[Asked, Depends(asks("consultation", "register"))]
SeesProblems = Annotated[Asked, Depends(asks("consultation", "problems"))]
SeesDecisions = Annotated[Asked, Depends(asks("consultation", "decisions"))]
Number = Annotated[int, Field(ge=1, le=999_999_999)]
Text = Annotated[str, Field(max_length=4000)]


class Words(BaseModel):
    """Fields as text, by name; which are needed is said when one is missing."""

    model_config = ConfigDict(extra="forbid")


class NewEntry(Words):
    """An intervention as done; `places` are parted by `;`, `end` is the day after the last."""

    kind: Text = ""
    title: Text = ""
    area: Text = ""
    area_kind: Text = ""
    places: Annotated[str, Field(max_length=60_000)] = ""
    start: Text = ""
    end: Text = ""
    agency: Text = ""
    dose: Text = ""
    dose_unit: Text = ""
    cost: Text = ""
    reason: Text = ""
    decision_maker: Text = ""
    legal_reference: Text = ""
    problem: Text = ""


class Reason(Words):
    """Why."""

    reason: Text
    version: Annotated[int, Field(ge=0)] | None = None


class NewProblem(Words):
    """A problem; lists are parted by `;`."""

    title: Text = ""
    area: Text = ""
    target: Text = ""
    owner_agency: Text = ""
    area_kind: Text = ""
    places: Text = ""
    names: Text = ""
    warnings: Text = ""
    objective: Text = ""


class NewPart(Words):
    """One part of a problem's record."""

    part: Text
    text: Text
    version: Annotated[int, Field(ge=0)] | None = None


class NewAction(Words):
    """What an agency is to do by a day, after a decision."""

    what: Text = ""
    agency: Text = ""
    due: Text = ""
    decision: Text = ""


class Ended(Words):
    """How an action ended."""

    outcome: Text


class NewDecision(Words):
    """A decision; `options` are lines, `refused` and `cites_forecast` are yes or nothing."""

    about_kind: Text = ""
    about: Text = ""
    decided: Text = ""
    by_role: Text = ""
    why: Text = ""
    options: Text = ""
    kind: Text = ""
    problem: Text = ""
    refused: Text = ""
    cites_forecast: Text = ""


class Second(Words):
    """The second approver: `approve` is yes or no."""

    role: Text
    why: Text
    approve: Literal["yes", "no"]


@router.get("/register")
def read_register(
    asked: SeesRegister, area: Code = None,
    kind: Code = None, problem: Key | None = None, start: date | None = None, end: date | None = None,
    withdrawn: bool = False,
) -> dict[str, Any]:  # fmt: skip
    """List interventions as done, the newest days first; `withdrawn` gives those too."""
    found = list_entries(
        asked.ws, area=area, kind=kind, problem=problem, start=start, end=end, withdrawn=withdrawn
    )
    return {"entries": [entry_json(one) for one in found], "fields": list(FIELDS)}


@router.get("/register/{id_}")
def read_entry(id_: str, asked: SeesRegister) -> dict[str, Any]:
    """Give one entry."""
    return entry_json(get_entry(asked.ws, id_))


@router.post("/register", status_code=201)
def write_entry(new: NewEntry, asked: EntersRegister) -> dict[str, Any]:
    """Enter an intervention as done: 409 with the reason when it lacks, overlaps or lies in the future."""
    return entry_json(acting.enter(desk_of(asked), new.model_dump()))


@router.post("/register/{id_}/withdrawal", status_code=201)
def write_withdrawal(id_: str, new: Reason, asked: WithdrawsEntry) -> dict[str, Any]:
    """Withdraw an entry; it stays readable with the reason."""
    return entry_json(acting.withdraw(desk_of(asked), id_, new.reason))


@router.get("/problems")
def read_problems(
    asked: SeesProblems, area: Code = None,
    state: Literal["open", "closed"] | None = None,
) -> dict[str, Any]:  # fmt: skip
    """List problems, open ones first."""
    return {"problems": [problem_json(one) for one in list_problems(asked.ws, area=area, state=state)]}


@router.post("/problems", status_code=201)
def write_problem(new: NewProblem, asked: OpensProblem) -> dict[str, Any]:
    """Open a problem, from words or from early warnings."""
    return problem_json(open_typed(desk_of(asked), new.model_dump()))


@router.get("/problems/{problem}")
def read_problem(problem: Key, asked: SeesProblems) -> dict[str, Any]:
    """Give one problem with its actions, decisions and interventions."""
    ws = asked.ws
    return whole_json(
        get_problem(ws, problem), list_actions(ws, problem_id=problem), list_decisions(ws, problem=problem),
        list_entries(ws, problem=problem), acting.today(),
    )  # fmt: skip


@router.post("/problems/{problem}/parts", status_code=201)
def write_problem_part(problem: Key, new: NewPart, asked: ChangesProblem) -> dict[str, Any]:
    """Write one part of its record: 409 when it has changed since `version`."""
    return problem_json(acting.write(desk_of(asked), problem, new.part, new.text, new.version))


@router.post("/problems/{problem}/actions", status_code=201)
def write_action(problem: Key, new: NewAction, asked: ChangesProblem) -> dict[str, Any]:
    """Give an agency something to do: 409 without a decision that stands."""
    return action_json(acting.task(desk_of(asked), problem, new.model_dump()), acting.today())


@router.post("/actions/{action}/end", status_code=201)
def write_action_end(action: Key, new: Ended, asked: ChangesProblem) -> dict[str, Any]:
    """Say how an action ended."""
    return action_json(acting.finish(desk_of(asked), action, new.outcome), acting.today())


@router.get("/actions")
def read_actions(asked: SeesProblems, area: Code = None) -> dict[str, Any]:
    """Give each agency's actions that are not over, for the partners' meeting."""
    return {"agencies": meeting_list(asked.ws, area=area)}


@router.post("/problems/{problem}/closing", status_code=201)
def write_closing(problem: Key, new: Reason, asked: ChangesProblem) -> dict[str, Any]:
    """Close a problem that has an assessment and no action waiting."""
    return problem_json(acting.close(desk_of(asked), problem, new.reason, new.version))


@router.get("/problems/{problem}/tasking", response_model=None)
def read_tasking(
    problem: Key, asked: TakesPack,
    decision: Key | None = None,
    format_: Annotated[Literal["json", "markdown"], Query(alias="format")] = "json",
) -> Response | dict[str, Any]:  # fmt: skip
    """Give the tasking pack: 409 without a decision that stands for this problem."""
    pack = pack_of(asked.ws, problem, decision)
    if format_ == "json":
        return pack.to_json()
    return PlainTextResponse(pack_markdown(pack), media_type="text/markdown; charset=utf-8")


@router.get("/decisions")
def read_decisions(
    asked: SeesDecisions, about_kind: Code = None,
    about: Code = None, problem: Key | None = None, queue: Code = None,
) -> dict[str, Any]:  # fmt: skip
    """List decisions, the newest first; `queue=ethics` gives those the ethics panel must see."""
    found = list_decisions(asked.ws, about_kind=about_kind, about=about, problem=problem, queue=queue)
    return {"decisions": [decision_json(one) for one in found]}


@router.get("/decisions/{decision}")
def read_decision(decision: Key, asked: SeesDecisions) -> dict[str, Any]:
    """Give one decision."""
    return decision_json(get_decision(asked.ws, decision))


@router.post("/decisions", status_code=201)
def write_decision(new: NewDecision, asked: Decides) -> dict[str, Any]:
    """Keep a decision; refusal is one. A recorded-only power with a forecast waits for a second role."""
    return decision_json(acting.decide(desk_of(asked), new.model_dump()))


@router.post("/decisions/{decision}/second", status_code=201)
def write_second(decision: Key, new: Second, asked: Decides) -> dict[str, Any]:
    """Complete a decision as its second approver: 409 for the role that decided."""
    return decision_json(acting.complete(desk_of(asked), decision, new.model_dump()))
