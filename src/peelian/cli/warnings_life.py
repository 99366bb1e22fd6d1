"""Commands about warnings held: what was raised, what became of it, and who is told."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from peelian.cli.state import STATE, context

if TYPE_CHECKING:
    from peelian.store.warning_records import HeldWarning

app = typer.Typer(
    help="Early warnings: seen, assigned to a team, acted on, closed; and who is told.", no_args_is_help=True
)
Id = Annotated[str, typer.Argument(metavar="ID", help="A warning's id, as `list` shows it.")]
Reason = Annotated[str, typer.Option(help="Why: it is kept beside the step.")]
Version = Annotated[
    int | None, typer.Option(help="The version you looked at; refused if it has changed since.", min=0)
]


@app.callback()
def group() -> None:
    """Keep the sub-commands together."""


@app.command("list")
def list_(
    state: Annotated[str, typer.Option(help="open, all, new, seen, assigned, acted or closed.")] = "open",
    target: Annotated[str | None, typer.Option(help="Of one target only.")] = None,
    area: Annotated[str | None, typer.Option(help="Of one area only.")] = None,
    last: Annotated[int, typer.Option(help="How many at most.", min=1)] = 50,
) -> None:
    """List warnings: those not closed first, the newest first."""
    from peelian.api.warning_view import summary_of
    from peelian.cli.show import table
    from peelian.cli.warnings_words import row_of
    from peelian.pipeline.warning_life import warnings_listed

    asked = None if state == "all" else state
    found = warnings_listed(context("prevention"), state=asked, target=target, area=area, last=last)
    if STATE.json:
        print(json.dumps({"warnings": [summary_of(one) for one in found.rows], "total": found.total}))
    elif not found.rows:
        print("No early warnings of this kind are held. Look for some with: peelian warn --as-of DATE")
    else:
        table([row_of(one) for one in found.rows])
        print(f"{len(found.rows)} of {found.total}. One in full: peelian warning show ID")


@app.command()
def show(id_: Id) -> None:
    """Show one warning: how strong, what set it off, checks, its life so far, who was told."""
    from peelian.api.warning_view import detail_of
    from peelian.cli.warnings_words import shown_lines
    from peelian.pipeline.warning_life import warning_shown

    found = warning_shown(context("prevention"), id_)
    body = detail_of(found.warning, found.steps, found.messages)
    print(json.dumps(body) if STATE.json else "\n".join(shown_lines(found)))


@app.command()
def see(id_: Id, reason: Reason, version: Version = None) -> None:
    """Say that a warning was looked at."""
    _step(id_, "seen", version, reason=reason)


@app.command()
def assign(
    id_: Id,
    agency: Annotated[str, typer.Option(help="The organisation, such as council.")],
    team: Annotated[str, typer.Option(help="A team or role of it; never a person.")],
    reason: Reason,
    version: Version = None,
) -> None:
    """Give a warning to a team of an agency."""
    _step(id_, "assigned", version, reason=reason, agency=agency, team=team)


@app.command()
def act(
    id_: Id,
    agency: Annotated[str, typer.Option(help="Who acted.")],
    intervention: Annotated[str, typer.Option(help="What was done, in words.")],
    reason: Reason,
    version: Version = None,
) -> None:
    """Say what was done about a warning."""
    _step(id_, "acted", version, reason=reason, agency=agency, intervention=intervention)


@app.command()
def close(
    id_: Id,
    outcome: Annotated[
        str,
        typer.Option(help="problem confirmed, nothing found, data error, already known or unknown."),
    ],
    reason: Reason,
    version: Version = None,
) -> None:
    """End a warning with what it turned out to be. It stays closed."""
    _step(id_, "closed", version, reason=reason, outcome=outcome)


@app.command()
def deliver(
    again: Annotated[bool, typer.Option("--again", help="Try the dead letters again too.")] = False,
) -> None:
    """Send what waits in the outbox, once. `peelian work --forever` and `serve` do so all the time."""
    from peelian.pipeline.delivering import deliver as run
    from peelian.pipeline.warning_life import dead_letters_again
    from peelian.store.outbox import standing

    ctx = context("prevention")
    revived = dead_letters_again(ctx) if again else 0
    done = run(ctx)
    left = standing(ctx.ws)
    if STATE.json:
        print(json.dumps(vars(done) | {"revived": revived, "outbox": left}))
        return
    print(
        f"{done.sent:,} sent, {done.failed:,} attempts failed ({done.dead:,} given up). "
        f"In the outbox: {left['waiting']:,} waiting, {left['dead']:,} dead letters."
    )


@app.command()
def settings(
    file: Annotated[
        Path | None, typer.Argument(help="A TOML file; see docs/how-to/warnings.md. None: say what is held.")
    ] = None,
) -> None:
    """Say who is told of warnings, or replace that by a file. Secrets are named in it, never written."""
    from peelian.cli.show import table
    from peelian.pipeline.setting_warnings import delivery_held, import_delivery

    ctx = context("administration")
    held = import_delivery(ctx, file) if file is not None else delivery_held(ctx)
    if STATE.json:
        print(json.dumps(held.to_json()))
    elif not held.recipients:
        print("Nobody is told: warnings wait on their page. Name teams with: peelian warning settings FILE")
    else:
        table([
            {"team": one.name, "role": one.role, "by": one.channel, "told of": ", ".join(one.kinds) or "-",
             "if unseen, next": one.next or "-"}
            for one in held.recipients
        ])  # fmt: skip


def _step(id_: str, to: str, version: int | None, **words: str) -> None:
    from peelian.api.warning_view import summary_of
    from peelian.pipeline.warning_life import step_taken

    held: HeldWarning = step_taken(context("prevention"), id_, to, version=version, **words)
    print(json.dumps(summary_of(held)) if STATE.json else f"{held.id} is now {held.state}.")
