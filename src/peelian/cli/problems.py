"""Commands of problems: opened, written, tasked after a decision, printed, closed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from peelian.cli.state import STATE, context

app = typer.Typer(help="Problems that partners work on (OSARA).", no_args_is_help=True)
Number = Annotated[int, typer.Argument(help="A problem's number, as `list` shows it.", min=1)]
Version = Annotated[int | None, typer.Option(help="The version you looked at.", min=0)]


@app.callback()
def group() -> None:
    """Keep the sub-commands together."""


@app.command("open")
def open_(
    title: Annotated[str, typer.Option(help="What the problem is, in a few words.")],
    agency: Annotated[str, typer.Option(help="The organisation that leads.")],
    warnings: Annotated[str, typer.Option(help="Warnings it came from, parted by ;")] = "",
    area: Annotated[str, typer.Option(help="The area's code, if it came from no warning.")] = "",
    target: Annotated[str, typer.Option(help="Of what, if it came from no warning.")] = "",
    names: Annotated[str, typer.Option(help="Places in words, parted by ;")] = "",
    area_kind: Annotated[str, typer.Option(help="What the place codes are: cell, lsoa ...")] = "",
    places: Annotated[str, typer.Option(help="Place codes, parted by ;")] = "",
    objective: Annotated[str, typer.Option(help="What should be better, by when.")] = "",
) -> None:
    """Open a problem, from words or from early warnings."""
    from peelian.api.acting_view import problem_json
    from peelian.pipeline.acting import problems

    typed = {
        "title": title, "owner_agency": agency, "warnings": warnings, "area": area, "target": target,
        "names": names, "area_kind": area_kind, "places": places, "objective": objective,
    }  # fmt: skip
    held = problems.opened(context("prevention"), typed)
    print(json.dumps(problem_json(held)) if STATE.json else f"Opened as problem {held.id}.")


@app.command("list")
def list_(area: Annotated[str | None, typer.Option(help="Of one area only.")] = None) -> None:
    """List problems, open ones first."""
    from peelian.api.acting_view import problem_json
    from peelian.cli.show import table
    from peelian.pipeline.acting import problems

    found = [problem_json(one) for one in problems.listed(context("prevention"), area=area)]
    if STATE.json:
        print(json.dumps({"problems": found}))
    elif not found:
        print("No problem is held. Open one with: peelian problem open")
    else:
        keys = ("id", "title", "area", "owner_agency", "state", "stage")
        table([{key: str(one[key]) for key in keys} for one in found])


@app.command()
def show(problem: Number) -> None:
    """Show a problem with its actions, decisions and interventions."""
    from peelian.cli.acting_lines import problem_lines
    from peelian.pipeline.acting import problems

    body = problems.whole(context("prevention"), problem)
    print(json.dumps(body) if STATE.json else "\n".join(problem_lines(body)))


@app.command()
def write(
    problem: Number,
    part: Annotated[str, typer.Argument(help="objective, scanning, analysis, response or assessment.")],
    text: Annotated[str, typer.Argument(help="What to write; it takes the place of what stood there.")],
    version: Version = None,
) -> None:
    """Write one part of a problem's record."""
    from peelian.pipeline.acting import problems

    held = problems.written(context("prevention"), problem, part, text, version)
    print(json.dumps({"id": held.id, "version": held.version}) if STATE.json else f"The {part} is kept.")


@app.command()
def action(
    problem: Number,
    what: Annotated[str, typer.Option(help="What is to be done.")],
    agency: Annotated[str, typer.Option(help="The organisation that owes it.")],
    due: Annotated[str, typer.Option(help="A day, YYYY-MM-DD.")],
    decision: Annotated[int, typer.Option(help="The decision it follows from.", min=1)],
) -> None:
    """Give an agency something to do, after a decision."""
    from peelian.pipeline.acting import problems

    typed = {"what": what, "agency": agency, "due": due, "decision": str(decision)}
    held = problems.tasked(context("prevention"), problem, typed)
    print(json.dumps({"id": held.id}) if STATE.json else f"Kept as action {held.id}.")


@app.command()
def end(
    action: Annotated[int, typer.Argument(help="An action's number.", min=1)],
    outcome: Annotated[str, typer.Option(help="Done, or why not.")],
) -> None:
    """Say how an action ended."""
    from peelian.pipeline.acting import problems

    held = problems.ended(context("prevention"), action, outcome)
    print(json.dumps({"id": held.id, "done": str(held.done)}) if STATE.json else f"Action {held.id} is over.")


@app.command()
def close(
    problem: Number,
    reason: Annotated[str, typer.Option(help="Why; an assessment must be written before.")],
    version: Version = None,
) -> None:
    """Close a problem."""
    from peelian.pipeline.acting import problems

    held = problems.closed(context("prevention"), problem, reason, version)
    print(json.dumps({"id": held.id, "state": held.state}) if STATE.json else f"Problem {held.id} is closed.")


@app.command()
def pack(
    problem: Number,
    decision: Annotated[int | None, typer.Option(help="By which decision; refused without.", min=1)] = None,
    out: Annotated[Path | None, typer.Option(help="Write it there as Markdown.")] = None,
) -> None:
    """Print the tasking pack of a problem."""
    from peelian.api.tasking import pack_markdown
    from peelian.pipeline.acting import problems

    made = problems.pack(context("prevention"), problem, decision, out)
    if STATE.json:
        print(json.dumps(made.to_json()))
    else:
        print(f"Written to {out}." if out else pack_markdown(made), end="\n" if out else "")


@app.command()
def actions(
    area: Annotated[str | None, typer.Option(help="Of one area only.")] = None,
    out: Annotated[Path | None, typer.Option(help="Write it there as Markdown.")] = None,
) -> None:
    """Print the partners' list of actions that are not over."""
    from peelian.api.tasking import meeting_markdown
    from peelian.pipeline.acting import problems

    found = problems.meeting(context("prevention"), area, out)
    if STATE.json:
        print(json.dumps({"agencies": found}))
    else:
        print(f"Written to {out}." if out else meeting_markdown(found), end="\n" if out else "")
