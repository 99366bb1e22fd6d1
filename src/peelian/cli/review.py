"""What a person decides: knife-enabled or not, one incident or two."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from peelian.cli.sections import Listed
from peelian.cli.state import STATE, context

if TYPE_CHECKING:
    from peelian.knife.figures import Estimate, Figures

app = typer.Typer(help="What a person decides of rows that wait: knife-enabled or not.", no_args_is_help=True)
knife = typer.Typer(
    help="Knife-enabled or not: rows that wait, decisions, precision and recall.", no_args_is_help=True
)
app.add_typer(knife, name="knife", cls=Listed)
Number = Annotated[int, typer.Argument(help="A number that `list` shows.")]


@app.callback()
def group() -> None:
    """Keep the sub-commands together."""


@knife.command("list")
def list_(
    source: Annotated[str | None, typer.Option(help="Of one kind of feed only.")] = None,
    last: Annotated[int, typer.Option(help="How many rows at most.", min=1)] = 50,
) -> None:
    """List rows that wait for a decision. Deciding from the top down decides a random sample of each band."""
    from peelian.cli.show import table
    from peelian.pipeline.reviewing import knife_queue

    rows: list[dict[str, Any]] = [
        {
            "number": one.id, "feed": one.source.replace("_", "-"), "force": one.force,
            "file": one.sha256[:12], "row": one.row, "band": one.band, "why": one.why,
            "stands for": round(one.weight, 1),
        }
        for one in knife_queue(context(), source=source, last=last)
    ]  # fmt: skip
    if STATE.json:
        print(json.dumps(rows))
    elif not rows:
        print("Nothing waits for a decision.")
    else:
        table(rows)


@knife.command()
def show(
    number: Number,
    file: Annotated[Path, typer.Option(help="Your own file, the one that was ingested.")],
    mapping: Annotated[str | None, typer.Option(help="The mapping it was ingested with.")] = None,
) -> None:
    """Show a row's narrative on this terminal, from your own file. It is kept nowhere, and not piped."""
    from peelian.domain.errors import Misuse
    from peelian.pipeline.reviewing import knife_row

    if STATE.json or not sys.stdout.isatty():
        raise Misuse("a narrative is shown on a terminal only", do="run it without --json and without a pipe")
    shown = knife_row(context(), number, file, mapping)
    print(f"number {shown.review}, row {shown.row}: {shown.band} ({shown.why})")
    if shown.weapon is not None:
        print(f"weapon: {_printable(shown.weapon)}")
    print(_printable(shown.narrative) if shown.narrative else "The row has no narrative.")
    print(f"Decide with: peelian review knife decide {shown.review} yes|no|unsure")


@knife.command()
def decide(number: Number, decision: Annotated[str, typer.Argument(help="yes, no or unsure.")]) -> None:
    """Decide a row. Yes and no change the event's knife mark from now on, as a new version."""
    from peelian.pipeline.reviewing import decide_knife

    made = decide_knife(context(), number, decision)
    if STATE.json:
        print(json.dumps(vars(made)))
        return
    change = f"its knife mark is now {made.mark}" if made.changed else "its knife mark stays as it was"
    print(f"Kept: number {made.review} {made.decision}; the classifier said {made.band}, {change}.")


@knife.command("figures")
def figures_() -> None:
    """Say how often high and medium are right, and how much they miss, by feed, as far as was reviewed."""
    from peelian.pipeline.reviewing import knife_figures

    found = knife_figures(context())
    if STATE.json:
        print(json.dumps([_plain(one) for one in found]))
    elif not found:
        print("Nothing was queued: no feed with a narrative or weapon code has been ingested.")
    else:
        print("\n".join(line for one in found for line in _lines(one)))


def _lines(one: Figures) -> list[str]:
    lines = [f"{one.source.replace('_', '-')}, {one.force}: high and medium together, on what was reviewed"]
    for name, figure in (("precision", one.precision), ("recall", one.recall)):
        lines.append(f"  {name}: {_said(figure)}")
    lines += [
        f"  {band.name}: {band.rows:,.0f} rows, {band.queued:,} queued, {band.reviewed:,} reviewed"
        + (f", {band.share:.0%} knife-enabled".replace("%", " %") if band.reviewed else "")
        + (f", {band.unsure:,} unsure" if band.unsure else "")
        for band in one.bands
    ]
    if one.lacking:
        lines.append(f"  more is to be reviewed of: {', '.join(one.lacking)}")
    return lines


def _said(figure: Estimate | None) -> str:
    if figure is None:
        return "not enough reviewed yet"
    return f"{figure.value:.3f} (95 % interval {figure.low:.3f} to {figure.high:.3f})"


def _plain(one: Figures) -> dict[str, Any]:
    return {
        "source": one.source, "force": one.force,
        "precision": vars(one.precision) if one.precision else None,
        "recall": vars(one.recall) if one.recall else None,
        "lacking": list(one.lacking),
        "bands": [
            {"band": b.name, "rows": b.rows, "queued": b.queued, "reviewed": b.reviewed, "unsure": b.unsure,
             "share": b.share if b.reviewed else None}
            for b in one.bands
        ],
    }  # fmt: skip


def _printable(text: str) -> str:
    """Leave out what could steer a terminal."""
    return "".join(letter for letter in text if letter.isprintable() or letter == "\n")
