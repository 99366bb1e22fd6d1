"""Commands of transparency: records made from the live system, what they lack, and who approved them."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from peelian.cli.state import STATE, context

if TYPE_CHECKING:
    from peelian.pipeline.transparency.records import Checked

app = typer.Typer(
    help="Records of what is used, from the live system: ATRS, impact drafts, model cards.",
    invoke_without_command=True,
)
Area = Annotated[str, typer.Argument(help="The area's code; default: every area.")]


@app.callback()
def every(
    ctx: typer.Context,
    out: Annotated[Path | None, typer.Option(help="A folder to write every record into.")] = None,
    area: Annotated[str, typer.Option(help="The area's code; default: every area.")] = "",
    template: Annotated[bool, typer.Option("--template", help="Write the questions, and stop.")] = False,
) -> None:
    """Say how the records of each area stand; with --out write them as JSON and Markdown."""
    if ctx.invoked_subcommand is not None:
        return
    if template:
        write_template()
        return
    from peelian.pipeline.transparency.records import areas, write

    opened = context("administration")
    if out is None:
        check(area)
        return
    chosen = [area] if area else areas(opened)
    made = [
        file for one in chosen for file in write(opened, one, out if len(chosen) == 1 else _within(out, one))
    ]
    print(json.dumps([str(one) for one in made]) if STATE.json else f"{len(made)} files in {out}")


def _within(out: Path, area: str) -> Path:
    out.mkdir(exist_ok=True)
    return out / area


@app.command("template")
def write_template() -> None:
    """Write settings/transparency.toml: the questions that only your organisation can answer."""
    from peelian.pipeline.transparency.records import write_template

    path = write_template(context("administration"))
    print(f"Answer the questions in {path}, then: peelian transparency check")


@app.command()
def check(area: Area = "") -> None:
    """List what the records lack; exit code 3 when a deployment in use lacks any."""
    from peelian.pipeline.transparency.records import areas
    from peelian.pipeline.transparency.records import check as look

    opened = context("administration")
    found = [look(opened, one) for one in ([area] if area else areas(opened))]
    if STATE.json:
        print(json.dumps([asdict(one) | {"stands": one.stands} for one in found]))
    else:
        print("\n".join(line for one in found for line in checked_lines(one)))
    raise typer.Exit(3 if any(one.live and not one.stands for one in found) else 0)


@app.command()
def approve(
    record: Annotated[str, typer.Argument(help="dpia or equality.")],
    area: Annotated[str, typer.Argument(help="The area's code.")],
    reference: Annotated[str, typer.Option(help="Where the decision is kept; never a name.")] = "",
) -> None:
    """Keep that people approved an assessment as it is now; a later change of its facts is told."""
    from peelian.pipeline.transparency.records import approve as keep

    made = keep(context("administration"), area, record, reference)
    print(f"{record} of {area} approved as of {made.at:%d %b %Y}: {made.reference}")


def checked_lines(one: Checked) -> list[str]:
    """Say how the records of an area stand."""
    use = "in use" if one.live else "not registered as in use"
    lines = [
        f"{one.area} ({use}): {one.fields} fields, {len(one.missing)} lack a fact; facts {one.digest[:12]}"
    ]
    lines += [f"  MISSING {text}" for text in one.missing]
    lines += [f"  NOT AS THE SCHEMA SAYS {text}" for text in one.faults]
    return lines + [f"  CHANGED SINCE APPROVAL {text}" for text in one.changed]
