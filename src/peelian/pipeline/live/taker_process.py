"""The process of a taker: woken by its standard input, tells commits on its standard output.

It ends when its input does: with the server that began it, also where that was killed.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import BinaryIO, cast

from peelian.domain.actor import Purpose
from peelian.domain.errors import PeelianError
from peelian.domain.event import LEDGER_SCHEMA
from peelian.domain.live import Taken
from peelian.pipeline.context import Context, open_context
from peelian.pipeline.live.taken_wire import send
from peelian.pipeline.live.taker import Taker
from peelian.pipeline.live.warming import warm
from peelian.store.catalogue import now
from peelian.store.inbox import position_done
from peelian.store.ledger import latest_snapshot
from peelian.store.segments import empty_rows


def main(home: Path, purpose: Purpose) -> None:
    """Take until nobody wants it any more; then finish the taking at hand."""
    for one in (signal.SIGINT, signal.SIGTERM):  # both may go to all at once: the server says when to end
        signal.signal(one, signal.SIG_IGN)
    told = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever is printed here must not stand among the commits
    ctx = open_context(home, os.environ.get("PEELIAN_DATABASE"), purpose)
    warm()
    send(told, standing(ctx))
    taker = Taker(ctx, [lambda taken: send(told, taken)])
    taker.start()
    _wait(taker, sys.stdin.buffer)
    taker.stop()


def standing(ctx: Context) -> Taken:
    """Say where the ledger stands, without rows: who was not told of its last commit reads them there."""
    none = empty_rows("events").select(list(LEDGER_SCHEMA))
    return Taken(position_done(ctx.ws), latest_snapshot(ctx.ws), now(), none, none)


def _wait(taker: Taker, woken: BinaryIO) -> None:
    while os.read(woken.fileno(), 65_536):
        taker.wake()


def _run(home: Path, purpose: Purpose) -> int:
    """Take; give 1 where it could not even begin: whoever began it says so and begins another."""
    try:
        main(home, purpose)
    except PeelianError as error:  # the database may be away
        sys.stderr.write(f"peelian: {error.sentence}\n")
        return 1
    except BrokenPipeError:  # the server is gone already
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(_run(Path(sys.argv[1]), cast("Purpose", sys.argv[2])))
