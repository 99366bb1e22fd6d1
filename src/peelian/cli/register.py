"""Commands of the register: what was done, entered one by one or from a CSV file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from peelian.cli.state import STATE, context

if TYPE_CHECKING:
    from peelian.domain.intervention import Entry

app = typer.Typer(help="The register of interventions as they were done.", no_args_is_help=True)


@app.callback()
def group() -> None:
    """Keep the sub-commands together."""


@app.command()
def add(
    file: Annotated[Path | None, typer.Option(help="A CSV file: all its rows, or none.")] = None,
    good_only: Annotated[
        bool, typer.Option("--good-only", help="Of the file, enter the sound rows.")
    ] = False,
    kind: Annotated[str, typer.Option(help="Of the catalogue: peelian interventions list.")] = "",
    title: Annotated[str, typer.Option(help="What was done, in a few words.")] = "",
    area: Annotated[str, typer.Option(help="The area's code.")] = "",
    area_kind: Annotated[str, typer.Option(help="What the places are: cell, lsoa, ward ...")] = "",
    places: Annotated[str, typer.Option(help="Codes parted by ; (none: the whole area).")] = "",
    start: Annotated[str, typer.Option("--from", help="First day, YYYY-MM-DD.")] = "",
    end: Annotated[str, typer.Option("--to", help="The day after the last, YYYY-MM-DD.")] = "",
    agency: Annotated[str, typer.Option(help="The organisation; never a person.")] = "",
    dose: Annotated[str, typer.Option(help="How much: a number above 0.")] = "",
    dose_unit: Annotated[str, typer.Option(help="Of what: visits, hours, lamps ...")] = "",
    cost: Annotated[str, typer.Option(help="Pounds, if known.")] = "",
    reason: Annotated[str, typer.Option(help="Why there and then.")] = "",
    decided_by: Annotated[str, typer.Option(help="A role; never a name.")] = "",
    legal_reference: Annotated[str, typer.Option(help="Needed for powers that are recorded only.")] = "",
    problem: Annotated[str, typer.Option(help="The problem it belongs to.")] = "",
) -> None:
    """Enter what was done; what is not done yet is refused."""
    from peelian.api.acting_view import entry_json
    from peelian.pipeline.acting import registering

    if file is not None:
        return _file(file, good_only)
    typed = {
        "kind": kind, "title": title, "area": area, "area_kind": area_kind, "places": places, "start": start,
        "end": end, "agency": agency, "dose": dose, "dose_unit": dose_unit, "cost": cost, "reason": reason,
        "decision_maker": decided_by, "legal_reference": legal_reference, "problem": problem,
    }  # fmt: skip
    held = registering.entered(context("prevention"), typed)
    print(json.dumps(entry_json(held)) if STATE.json else f"Entered as {held.entry.id}.")
    return None


@app.command("list")
def list_(
    area: Annotated[str | None, typer.Option(help="Of one area only.")] = None,
    kind: Annotated[str | None, typer.Option(help="Of one kind only.")] = None,
    every: Annotated[bool, typer.Option("--all", help="Withdrawn ones too.")] = False,
) -> None:
    """List what was done, the newest days first."""
    from peelian.api.acting_view import entry_json
    from peelian.cli.show import table
    from peelian.pipeline.acting import registering

    found = registering.listed(context("prevention"), area=area, kind=kind, every=every)
    if STATE.json:
        print(json.dumps({"entries": [entry_json(one) for one in found]}))
    elif not found:
        print("Nothing is in the register. Enter what was done with: peelian intervention add")
    else:
        table([_row(one.entry) for one in found])


@app.command()
def show(
    id_: Annotated[str, typer.Argument(metavar="ID", help="An entry's id, as `list` shows it.")],
) -> None:
    """Show one entry in full."""
    from peelian.api.acting_view import entry_json
    from peelian.pipeline.acting import registering

    body = entry_json(registering.shown(context("prevention"), id_))
    said = {name: ", ".join(value) if isinstance(value, list) else value for name, value in body.items()}
    lines = [f"{name}: {value}" for name, value in said.items()]
    print(json.dumps(body) if STATE.json else "\n".join(lines))


@app.command()
def withdraw(
    id_: Annotated[str, typer.Argument(metavar="ID", help="An entry's id, as `list` shows it.")],
    reason: Annotated[str, typer.Option(help="Why; it stays readable beside the entry.")],
) -> None:
    """Withdraw an entry: nothing counts it any more."""
    from peelian.api.acting_view import entry_json
    from peelian.pipeline.acting import registering

    held = registering.withdrawn(context("prevention"), id_, reason)
    print(json.dumps(entry_json(held)) if STATE.json else f"{id_} is withdrawn.")


@app.command()
def verdicts(
    id_: Annotated[str | None, typer.Argument(metavar="ID", help="An entry's id; none: all.")] = None,
    null: Annotated[bool, typer.Option("--null", help="Only those that found no change.")] = False,
) -> None:
    """List what evaluations found, the newest first: null results are kept like others."""
    from peelian.pipeline.evaluating.kept import verdicts_kept

    found = [one for one in verdicts_kept(context("evaluation"), id_) if one["null"] or not null]
    lines = [
        f"verdict {one['id']}, {one['intervention']} ({one['verdict']['target']}, {one['method']}, "
        f"{'design ' + one['design']['id'] if one['design'] else 'no design'}): {one['verdict']['headline']}"
        for one in found
    ] or ["Nothing has been evaluated here."]
    print(json.dumps({"evaluations": found}) if STATE.json else "\n".join(lines))


def _row(entry: Entry) -> dict[str, str]:
    return {
        "id": entry.id, "kind": entry.kind, "what": entry.title, "from": str(entry.start),
        "to": str(entry.end), "places": str(len(entry.places) or "all"),
        "dose": f"{entry.dose:g} {entry.dose_unit}",
    }  # fmt: skip


def _file(file: Path, good_only: bool) -> None:
    from peelian.pipeline.acting.registering import file_entered

    done = file_entered(context("prevention"), file, good_only=good_only)
    if STATE.json:
        ids = [one.entry.id for one in done.kept]
        print(json.dumps({"entered": ids, "aside": [{"line": at, "why": why} for at, why in done.aside]}))
        return
    print(f"{len(done.kept):,} entered, {len(done.aside):,} left aside.")
    for line, why in done.aside:
        print(f"  line {line}: {why}")
