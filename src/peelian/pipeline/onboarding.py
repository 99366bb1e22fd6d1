"""First run as jobs: look at files chosen, bring in what was confirmed, or make the demonstration."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from peelian.domain.progress import Tick
from peelian.pipeline.context import Context


def look_job(ctx: Context, arguments: dict[str, Any], tick: Tick) -> str:
    """Look at an upload."""
    from peelian.pipeline.onboarding_look import look  # late: a worker that never looks need not load it

    return look(ctx, str(arguments["upload"]), tick)


def bring_in_job(ctx: Context, arguments: dict[str, Any], tick: Tick) -> str:
    """Bring an upload in."""
    from peelian.pipeline.onboarding_bring import bring_in  # late: as above

    return bring_in(ctx, str(arguments["upload"]), tick)


def demo_job(ctx: Context, _arguments: dict[str, Any], tick: Tick) -> str:
    """Make the demonstration's first forecast; its fuller stages are queued behind this job."""
    from peelian.pipeline.demo import prepare  # late: the simulator is large

    @contextmanager
    def stage(name: str) -> Iterator[Tick]:
        begun, words = (int(name[0]) - 1) / 3, name.partition(" ")[2]
        yield lambda _what, share: tick(words, begun + share / 3)

    return f"run {prepare(ctx, stage).run_id}"
