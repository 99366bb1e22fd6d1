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
from peelian.cli.sections import Listed, Sections
from peelian.cli.state import STATE

app = typer.Typer(
    name="peelian",
    cls=Sections,
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
app.add_typer(account.app, name="account", cls=Listed)
app.add_typer(database.app, name="db", cls=Listed)
app.add_typer(agreement.app, name="agreement", cls=Listed)
app.add_typer(basemap.app, name="basemap", cls=Listed)
app.add_typer(areas.app, name="areas", cls=Listed)
app.add_typer(auditing.app, name="audit", cls=Listed)
app.add_typer(context.app, name="context", cls=Listed)
app.add_typer(challenge.app, name="challenge", cls=Listed)
app.add_typer(deployment.app, name="deployment", cls=Listed)
app.add_typer(effects.app, name="design", cls=Listed)
app.add_typer(fairness.app, name="fairness", cls=Listed)
app.add_typer(feed.app, name="feed", cls=Listed)
app.add_typer(gating.app, name="gate", cls=Listed)
app.add_typer(interventions.app, name="interventions", cls=Listed)
app.add_typer(planning.app, name="plan", cls=Listed)
app.add_typer(problems.app, name="problem", cls=Listed)
app.add_typer(quarantine.app, name="quarantine", cls=Listed)
app.add_typer(releasing.app, name="release", cls=Listed)
app.add_typer(register.app, name="intervention", cls=Listed)
app.add_typer(review.app, name="review", cls=Listed)
app.add_typer(sealing.app, name="seal", cls=Listed)
app.add_typer(transparency.app, name="transparency", cls=Listed)
app.add_typer(warnings_life.app, name="warning", cls=Listed)
