"""The command `map`: what an unknown file seems to be, written down for a person to check."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from peelian.cli.progress import progress
from peelian.cli.state import STATE, context

if TYPE_CHECKING:
    from peelian.pipeline.proposing import Proposed


def propose(
    file: Annotated[Path, typer.Argument(help="A CSV, Excel or Parquet file of a partner.")],
    out: Annotated[Path | None, typer.Option(help="Where to write the mapping (default beside it).")] = None,
    force: Annotated[str | None, typer.Option(help="The force's code, to write into the mapping.")] = None,
    replace: Annotated[bool, typer.Option("--replace", help="Write over a mapping that is there.")] = False,
) -> None:
    """Propose a mapping for an unknown file, with its doubts. Nothing is ingested."""
    from peelian.pipeline.proposing import propose_mapping

    with progress("map"):
        made = propose_mapping(context(), file, out, force=force, replace=replace)
    if STATE.json:
        print(json.dumps(made.to_json(), ensure_ascii=False))
        return
    _show(made)


def _show(made: Proposed) -> None:
    from peelian.cli.show import table

    proposal = made.proposal
    kind = proposal.fact("feed")
    sure = f"{kind.confidence:.0%}".replace("%", " %")
    named = proposal.feed.replace("_", "-")
    print(f"{proposal.file} looks like {named} ({sure} sure), from {proposal.rows:,} rows.")
    print(f"CHECK the kind of feed: {kind.remark.replace('_', '-')}.\n" if kind.check else "")
    rows = [
        {
            "ours": line.ours, "in the file": line.theirs, "sure": f"{line.confidence:.2f}",
            "": "CHECK" if line.check else "", "examples, masked": " | ".join(line.examples) or line.remark,
        }
        for line in (*proposal.columns, *proposal.facts[1:], *proposal.constants)
    ]  # fmt: skip
    rows += [
        {
            "ours": "(discard)", "in the file": line.theirs, "sure": f"{line.confidence:.2f}", "": "",
            "examples, masked": f"about people: {line.remark}",
        }
        for line in proposal.discard
    ]  # fmt: skip
    table(rows)
    read = sum(code.group is not None for code in proposal.codes)
    if proposal.codes:
        rest = "" if read == len(proposal.codes) else "; the others wait for a person"
        print(f"\n{read} of {len(proposal.codes)} codes could be read off{rest}.")
    if proposal.unused:
        print(f"Not read: {', '.join(proposal.unused)}")
    print(f"\nWritten for review: {made.written}. Nothing was ingested.")
    for step in made.to_do:
        print(f"First: {step}")
    print(f"{'Then' if made.to_do else 'When it is right'}: {made.then}")
