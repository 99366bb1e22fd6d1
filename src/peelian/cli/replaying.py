"""The command that runs a past stretch as if it were now, faster than time."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from peelian.cli.state import STATE, context

A_DAY_IN_4_S = 21_600.0


def replay(
    start: Annotated[str, typer.Option("--from", help="Day, or day and time in London: its start.")],
    end: Annotated[str, typer.Option("--to", help="Its end.")],
    speed: Annotated[float, typer.Option(help="How many times faster than time.")] = A_DAY_IN_4_S,
    instant: Annotated[
        bool, typer.Option("--instant", help="Run it at once and say what came of it; serve nothing.")
    ] = False,
    feed: Annotated[list[str] | None, typer.Option(help="Only this feed; may be repeated.")] = None,
    area: Annotated[str | None, typer.Option(help="The area whose newest run is shown.")] = None,
    loop: Annotated[bool, typer.Option("--loop", help="Begin anew after the end.")] = False,
    port: Annotated[int, typer.Option(help="Port to listen on.")] = 8000,
) -> None:
    """Run a past stretch of the ledger again, as it became known then: for training and evaluation.

    The ledger is not changed. What recent events bring is learned from what was known at the start alone.
    """
    from peelian.cli.dates import instant as read
    from peelian.domain.errors import Misuse
    from peelian.pipeline.live.replay import ReplayAsked, feeds_of, replay_instant

    first, last = read(start, "from"), read(end, "to")
    assert first is not None  # both options are required
    assert last is not None
    asked = ReplayAsked(first, last, feeds_of(feed), area)
    if instant:
        said = replay_instant(context(), asked)
        print(json.dumps(said) if STATE.json else _in_words(said))
        return
    if not 1 <= speed <= 1_000_000:
        raise Misuse("the speed cannot be used", expected="--speed from 1 to 1,000,000")
    play(asked, speed, port=port, loop=loop)


def play(asked: object, speed: float, *, port: int, loop: bool, host: str = "127.0.0.1") -> None:
    """Serve a replay until stopped."""
    from peelian.api.serve import check_host, run
    from peelian.cli.ending import ended_by_term
    from peelian.cli.serving import announce
    from peelian.cli.worker_beside import worker
    from peelian.pipeline.live.replay import ReplayAsked
    from peelian.pipeline.live.replay_desk import Playing

    check_host(host)
    assert isinstance(asked, ReplayAsked)
    ctx = context("demonstration")
    playing = Playing(ctx, asked, speed, loop=loop)
    with ended_by_term() as wanted, worker():
        playing.start()
        try:
            run(
                ctx.ws, host, port, actor=ctx.actor, purpose=ctx.purpose, ready=announce, live=playing.desk,
                wanted=wanted,
            )  # fmt: skip
        finally:
            playing.stop()


def _in_words(said: dict[str, object]) -> str:
    left = said["left_out"]
    assert isinstance(left, dict)
    out = "; ".join(f"{n:,} {why}" for why, n in left.items()) or "none"
    return (
        f"{said['rows']:,} rows became known from {said['from']} to {said['to']}, {said['undone']:,} were "
        f"corrected or taken back. Left out: {out}.\n"
        f"At the end {said['last_week']:,} of {said['target']} in the last week, at present "
        f"{said['rate_a_week']:,.1f} a week; state {str(said['digest'])[:16]}."
    )
