"""The application: global options and the list of commands. Heavy imports wait inside the commands."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from peelian import __version__
from peelian.cli import (
    account,
    agreement,
    areas,
    auditing,
    backup,
    basemap,
    briefing,
    challenge,
    concentrating,
    context,
    data,
    database,
    deciding,
    deployment,
    effects,
    fairness,
    feed,
    forecasts,
    gating,
    interventions,
    linking,
    listening,
    mapping,
    nij,
    planning,
    problems,
    quarantine,
    register,
    releasing,
    replaying,
    returning,
    review,
    sealing,
    serving,
    tracing,
    transparency,
    validating,
    warning,
    warnings_life,
)
from peelian.cli.state import STATE

app = typer.Typer(
    name="peelian",
    help="Places and times of harm, forecast honestly, so that partners can prevent it.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


def _version(wanted: bool) -> None:
    if wanted:
        print(f"peelian {__version__}")
        raise typer.Exit


@app.callback()
def options(
    home: Annotated[
        Path | None, typer.Option(help="The workspace (or PEELIAN_HOME; default ./peelian-home).")
    ] = None,
    database: Annotated[str | None, typer.Option(help="URL of the records store (default SQLite).")] = None,
    json: Annotated[bool, typer.Option("--json", help="Answer in JSON, for machines.")] = False,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Say the version.")
    ] = False,
) -> None:
    """Global options; they may stand before or after the command."""
    STATE.home, STATE.database, STATE.json = home, database, json


app.command()(serving.demo)
app.command()(briefing.briefing)
app.command()(data.ingest)
app.command()(data.coverage)
app.command()(data.simulate)
app.command()(backup.backup)
app.command()(backup.restore)
app.command("map")(mapping.propose)
app.command()(linking.link)
app.command()(linking.overlap)
app.command()(tracing.lineage)
app.command()(tracing.erase)
app.command()(forecasts.forecast)
app.command()(forecasts.backtest)
app.command()(concentrating.concentration)
app.command()(validating.validate)
app.command()(warning.warn)
app.command("evaluate-intervention")(effects.evaluate_intervention)
app.command()(nij.nij)
app.command()(deciding.decide)
app.command("return")(returning.return_)
app.command()(serving.serve)
app.command()(serving.work)
app.command()(listening.listen)
app.command()(replaying.replay)
app.add_typer(account.app, name="account")
app.add_typer(database.app, name="db")
app.add_typer(agreement.app, name="agreement")
app.add_typer(basemap.app, name="basemap")
app.add_typer(areas.app, name="areas")
app.add_typer(auditing.app, name="audit")
app.add_typer(context.app, name="context")
app.add_typer(challenge.app, name="challenge")
app.add_typer(deployment.app, name="deployment")
app.add_typer(effects.app, name="design")
app.add_typer(fairness.app, name="fairness")
app.add_typer(feed.app, name="feed")
app.add_typer(gating.app, name="gate")
app.add_typer(interventions.app, name="interventions")
app.add_typer(planning.app, name="plan")
app.add_typer(problems.app, name="problem")
app.add_typer(quarantine.app, name="quarantine")
app.add_typer(releasing.app, name="release")
app.add_typer(register.app, name="intervention")
app.add_typer(review.app, name="review")
app.add_typer(sealing.app, name="seal")
app.add_typer(transparency.app, name="transparency")
app.add_typer(warnings_life.app, name="warning")
