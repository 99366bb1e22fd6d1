"""The command that takes live data from a folder or a broker."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from peelian.cli.ending import ended_by_term
from peelian.cli.state import context


def listen(
    feed: Annotated[str, typer.Option(help="The feed whose events they are; see peelian feed list.")],
    folder: Annotated[Path | None, typer.Option(help="Take each complete file of JSON lines here.")] = None,
    broker: Annotated[
        str | None, typer.Option(help="Take messages of this broker: nats://HOST:PORT, kafka://HOST:PORT.")
    ] = None,
    subject: Annotated[str | None, typer.Option(help="The broker's subject or topic.")] = None,
) -> None:
    """Take live data of a feed from a watched folder or a broker, until stopped."""
    from peelian.domain.errors import Misuse

    if (folder is None) == (broker is None):
        raise Misuse("say where the feed comes from", expected="--folder DIR or --broker URL, one of them")
    with ended_by_term() as wanted:
        if folder is not None:
            _listen_folder(feed, folder, wanted)
            return
        if not broker or not subject:
            raise Misuse("say which messages of the broker are the feed's", expected="--subject NAME")
        _listen_broker(feed, broker, subject, wanted)


def _listen_broker(feed: str, broker: str, subject: str, wanted: Callable[[], bool]) -> None:
    import asyncio

    from peelian.pipeline.live.broker import BrokerAsked, checked, take_messages
    from peelian.pipeline.live.door import LiveDoor
    from peelian.pipeline.live.opened import open_feed
    from peelian.pipeline.live.reading import PACE_S
    from peelian.pipeline.live.stepping_in import SteppingIn
    from peelian.store.feeds import get_feed

    ctx, asked = context(), checked(BrokerAsked(broker, subject, feed))

    def usable() -> None:
        open_feed(ctx.ws, get_feed(ctx.ws, feed)).let_in(ctx.ws)

    async def take() -> None:
        """Take until it is no longer wanted; its end is asked for by a signal, which wakes the loop."""
        taking = asyncio.create_task(take_messages(door, asked, _say, usable))
        while wanted() and not taking.done():
            await asyncio.wait([taking], timeout=0.5)
        if taking.cancel():
            await asyncio.wait([taking])
            raise KeyboardInterrupt
        taking.result()

    door, stepping = LiveDoor(ctx, pace_s=PACE_S), SteppingIn(ctx)
    stepping.start()
    try:
        asyncio.run(take())
    except KeyboardInterrupt:
        _say("stopped; what was not acknowledged waits with the broker")
    finally:
        door.stop()
        stepping.stop()


def _listen_folder(feed: str, folder: Path, wanted: Callable[[], bool]) -> None:
    from peelian.pipeline.live.folder import WatchedFolder
    from peelian.pipeline.live.inflow import Inflow
    from peelian.store.feeds import get_feed

    ctx = context()
    get_feed(ctx.ws, feed)
    inflow = Inflow(ctx)
    watched = WatchedFolder(inflow.door, folder, feed, _say)
    inflow.start()
    try:
        _say(f"watching {folder} for {feed} (Ctrl-C stops it)")
        watched.run(wanted)
    finally:
        inflow.stop()


def _say(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)
