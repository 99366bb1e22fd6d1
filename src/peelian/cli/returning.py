"""The command of returns to partners and government."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Annotated, Any

import typer

from peelian.cli.progress import progress
from peelian.cli.state import STATE, context
from peelian.domain.errors import Misuse
from peelian.domain.time import parse_date


def return_(
    name: Annotated[str, typer.Argument(help="sna, csp, hotspot or vru.")],
    area: Annotated[str | None, typer.Option(help="A force or area code, or an area file.")] = None,
    start: Annotated[str | None, typer.Option("--from", help="The first day of a month.")] = None,
    end: Annotated[
        str | None, typer.Option("--to", help="The first day of the month after the last.")
    ] = None,
    audience: Annotated[
        str, typer.Option("--for", help="force (exact), partner (under 5 withheld) or public (under 10).")
    ] = "force",
    template: Annotated[Path | None, typer.Option(help="A template of your own (TOML).")] = None,
    out: Annotated[Path | None, typer.Option(help="A folder to copy the XLSX and DOCX to.")] = None,
    print_template: Annotated[
        bool, typer.Option("--print-template", help="Print the shipped template, to edit.")
    ] = False,
) -> None:  # fmt: skip
    """Make a return as XLSX and DOCX, each figure beside its source and coverage; what is missing is said."""
    from peelian.pipeline.returning.making import ReturnRequest, make_return
    from peelian.pipeline.returning.template import shipped_text
    from peelian.store.returns import folder_of

    if print_template:
        print(shipped_text(name))
        return
    days = [parse_date(day, name=what) if day else None for day, what in ((start, "from"), (end, "to"))]
    if out is not None and not out.is_dir():
        raise Misuse("there is no such folder", expected="--out, a folder that exists")
    asked = ReturnRequest(name, area, days[0], days[1], audience, template)  # type: ignore[arg-type]
    ctx = context("prevention")
    with progress("return") as tick:
        made = make_return(ctx, asked, tick)
    folder = folder_of(ctx.ws, made["id"])
    files = [folder / f"return.{kind}" for kind in ("xlsx", "docx")]
    if out is not None:
        files = [Path(shutil.copyfile(one, out / f"{made['id']}{one.suffix}")) for one in files]
    body = made | {"files": [str(one) for one in files]}
    print(json.dumps(body) if STATE.json else "\n".join([*lines(made), *map(str, files)]))


def lines(made: dict[str, Any]) -> list[str]:
    """Say a return's figures in lines."""
    out = [f"{made['title']}, {made['area_name']}, {made['period']} ({made['id']})", made["rules"]]
    for block in made["blocks"]:
        out += ["", block["title"]]
        for line in block["lines"]:
            told = ", ".join(
                f"{head['name'].lower()} {one['said']}"
                for head, one in zip(block["heads"], line["figures"], strict=True)
            )
            said = f"; {line['note']}" if line["note"] else ""
            out.append(
                f"  {line['what']} ({line['period']}): {told} [{line['source']}; {line['coverage']}]{said}"
            )
    return [*out, "", made["notice"]]
