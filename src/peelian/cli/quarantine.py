"""Rows put aside: list them, mend them by a rule, take them again, drop them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from peelian.cli.state import STATE, context

if TYPE_CHECKING:
    from peelian.pipeline.mending import MendingRule
    from peelian.pipeline.quarantining import Mending

app = typer.Typer(
    help="Rows put aside: list them, mend them by a rule, take them again.", no_args_is_help=True
)

SOURCE = Annotated[str | None, typer.Option(help="Only of this kind of feed.")]
REASON = Annotated[str | None, typer.Option(help="Only where the reason has these words.")]
RULE = Annotated[Path | None, typer.Argument(help="The rule file (docs/how-to/quarantine.md).")]
FILES = Annotated[
    list[Path] | None, typer.Option("--file", help="The very file the rows came from, known by its hash.")
]


@app.callback()
def group() -> None:
    """Keep the sub-commands together."""


@app.command("list")
def list_(source: SOURCE = None, reason: REASON = None) -> None:
    """Say how many rows are put aside, why, and which lines of which file, for example."""
    from peelian.cli.show import table
    from peelian.pipeline.quarantining import list_aside

    groups = list_aside(context(), _choice(source, reason))
    if STATE.json:
        print(json.dumps([vars(one) for one in groups], default=str))
        return
    if not groups:
        print("No row is put aside.")
        return
    table(
        [
            {
                "rows": one.rows, "source": one.source.replace("_", "-"), "force": one.force,
                "reason": one.reason, "files": one.files, "newest file": one.name,
                "lines, such as": ", ".join(map(str, one.examples)),
            }
            for one in groups
        ]
    )  # fmt: skip
    print(f"{sum(one.rows for one in groups):,} rows put aside. See what they have: peelian quarantine show")


@app.command()
def show(source: SOURCE = None, reason: REASON = None) -> None:
    """Give the codes that stand in rows put aside and how often, for a rule to map."""
    from peelian.pipeline.quarantining import codes_aside

    found = codes_aside(context(), _choice(source, reason))
    if STATE.json:
        print(json.dumps(found))
        return
    if not found:
        print("Nothing was kept of these rows: they can be taken again only from their file.")
    for name, codes in found.items():
        print(f"{name}: " + ", ".join(f"{code} ({count:,})" for code, count in codes))


@app.command()
def fix(rule: RULE = None, files: FILES = None, source: SOURCE = None, reason: REASON = None) -> None:
    """Try a rule: how many rows would pass. Changes nothing."""
    from peelian.pipeline.quarantining import try_rule

    _say(try_rule(context(), _rule(rule, source, reason), files or []), tried=True)


@app.command()
def replay(rule: RULE = None, files: FILES = None, source: SOURCE = None, reason: REASON = None) -> None:
    """Take the rows that pass into the ledger; the rest stay aside."""
    from peelian.pipeline.quarantining import replay_aside

    _say(replay_aside(context(), _rule(rule, source, reason), files or []), tried=False)


@app.command()
def drop(
    because: Annotated[
        str,
        typer.Option(help="test-record, out-of-scope, cannot-be-mended, mended-file-taken or not-wanted."),
    ],
    rule: RULE = None,
    source: SOURCE = None,
    reason: REASON = None,
) -> None:
    """Give rows up: what was kept of them goes; their number stays in the counts."""
    from peelian.domain.errors import Misuse
    from peelian.pipeline.quarantining import drop_aside

    if rule is None and source is None and reason is None:
        raise Misuse("this would drop every row put aside", do="choose with a rule, --source or --reason")
    dropped = drop_aside(context(), _rule(rule, source, reason), because)
    print(json.dumps({"dropped": dropped}) if STATE.json else f"{dropped:,} rows dropped.")


def _choice(source: str | None, reason: str | None):  # type: ignore[no-untyped-def]
    from peelian.store.quarantine import Choice

    return Choice(source.replace("-", "_") if source else None, reason)


def _rule(path: Path | None, source: str | None, reason: str | None) -> MendingRule:
    from peelian.pipeline.mending import MendingRule, read_rule

    rule = read_rule(path) if path else MendingRule()
    chosen = {name: said for name, said in (("source", source), ("reason", reason)) if said is not None}
    return rule.model_copy(update=chosen)


def _say(done: Mending, *, tried: bool) -> None:
    bins = done.done.bins
    still = dict(done.done.still.most_common())
    if STATE.json:
        print(
            json.dumps(
                {
                    "chosen": done.chosen, "passed": done.passed, "accepted": bins.accepted,
                    "duplicate": bins.duplicate, "revised": bins.revised, "retracted": bins.retracted,
                    "still_aside": still, "need_file": dict(done.need_file),
                }
            )
        )  # fmt: skip
        return
    if tried:
        print(f"{done.chosen:,} rows chosen: {done.passed:,} would pass.")
    else:
        print(
            f"{done.chosen:,} rows chosen: {bins.accepted:,} accepted, {bins.duplicate:,} already held, "
            f"{bins.revised:,} revised; {bins.retracted:,} held rows retracted."
        )
    for why, count in still.items():
        print(f"  {'would stay' if tried else 'still'} aside {count:,}: {why}")
    for name, count in done.need_file.items():
        if count:
            print(f"  {count:,} can be taken again only from their file: --file {name}")
    if done.passed:
        last = "Take them with: peelian quarantine replay" if tried else "Write it into your mapping file too"
        print(f"{last}{'.' if tried else ', so that the next file needs no mending.'}")
