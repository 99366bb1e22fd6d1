"""Commands about live feeds: who may send events, with which credential, and how fresh each is."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from peelian.cli.state import STATE, context

app = typer.Typer(help="Live feeds: who may send events, and how fresh each is.", no_args_is_help=True)
Name = Annotated[str, typer.Argument(help="The feed's name, as in its address.")]


@app.command()
def add(
    name: Name,
    source: Annotated[str, typer.Argument(help="The kind of feed, as for ingest: police-incidents, ...")],
    every: Annotated[int, typer.Option(help="How often it sends, in minutes. Live: 15 or fewer.")],
    mapping: Annotated[
        str | None, typer.Option(help="The mapping file, or the name of a shipped one.")
    ] = None,
    force: Annotated[str | None, typer.Option(help="Force code, where the mapping does not say it.")] = None,
    agreement: Annotated[
        str | None, typer.Option(help="The sharing agreement it comes under, where the mapping names none.")
    ] = None,
) -> None:
    """Register a feed and show its credential, once."""
    from peelian.pipeline.live.credentials import FeedRequest
    from peelian.pipeline.live.credentials import add as run

    secret = run(context("administration"), FeedRequest(name, source, every, mapping, force, agreement))
    _show(name, secret)


@app.command("list")
def list_() -> None:
    """Say which feeds there are, how often each sends and how old its newest event is."""
    from peelian.pipeline.live.credentials import feed_rows

    rows = feed_rows(context())
    if STATE.json:
        print(json.dumps(rows))
    elif not rows:
        print("There is no feed yet. Let one in with: peelian feed add NAME SOURCE --every MINUTES")
    else:
        from peelian.cli.show import table

        table([{name: row[name] for name in ("feed", "source", "state", "says")} for row in rows])


@app.command()
def revoke(name: Name) -> None:
    """Let a feed send no more, from now on. What it sent stays."""
    from peelian.pipeline.live.credentials import revoke as run

    run(context("administration"), name)
    print(json.dumps({"feed": name, "revoked": True}) if STATE.json else f"{name} may send no more.")


@app.command()
def rotate(name: Name) -> None:
    """Give a feed a new credential and show it, once. The old one stops at once."""
    from peelian.pipeline.live.credentials import rotate as run

    _show(name, run(context("administration"), name))


def _show(name: str, secret: str) -> None:
    if STATE.json:
        print(json.dumps({"feed": name, "credential": secret, "path": f"/api/v1/feeds/{name}/batches"}))
        return
    print(f"{name} may send to /api/v1/feeds/{name}/batches with this credential:")
    print(f"\n  {secret}\n")
    print("It is shown this once and cannot be shown again. See docs/how-to/live-feeds.md.")
