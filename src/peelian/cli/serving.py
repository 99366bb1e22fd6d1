"""Commands that serve: demo, serve, work."""

from __future__ import annotations

import os
import sys
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from peelian.cli.ending import ended_by_term
from peelian.cli.progress import progress
from peelian.cli.state import context, home_folder
from peelian.cli.worker_beside import worker
from peelian.domain.progress import Tick

if TYPE_CHECKING:
    from peelian.api.live_desk import LiveDesk
    from peelian.api.reach import Reach

Host = Annotated[str, typer.Option(help="This machine's own name; beyond it with --access only.")]
Port = Annotated[int, typer.Option(help="Port to listen on.")]


def demo(
    port: Port = 8000,
    serve_map: Annotated[bool, typer.Option("--serve/--no-serve", help="Serve the map at the end.")] = True,
    scenario: Annotated[str, typer.Option(help="plain, hard, tiny or night.")] = "plain",
    still: Annotated[bool, typer.Option("--still", help="Do not replay the last weeks on the map.")] = False,
) -> None:
    """Simulate a fictional force and five agencies' feeds, ingest, forecast, evaluate and serve the map."""
    from peelian.pipeline.demo import prepare
    from peelian.pipeline.fusing import fused_said
    from peelian.pipeline.jobs import work as run_jobs

    ctx = context("demonstration")

    def stage(name: str) -> AbstractContextManager[Tick]:
        print(f"{name} ...", file=sys.stderr, flush=True)
        return progress(name, plain=True)

    run = prepare(ctx, stage, scenario=scenario)
    if serve_map:
        print(
            "Fuller stages (warnings, a plan, backtest, linking, fusing) go on while the page is open.",
            file=sys.stderr,
        )
        if still:
            listen(port=port)
        else:
            from peelian.cli.replaying import A_DAY_IN_4_S, play
            from peelian.pipeline.live.replay import last_weeks

            print("The map replays the last four weeks, a day in four seconds.", file=sys.stderr)
            play(last_weeks(run.area.code, run.forecast.origin), A_DAY_IN_4_S, port=port, loop=True)
    else:
        print("warnings, a plan, backtest, linking, check of fusing ...", file=sys.stderr, flush=True)
        run_jobs(ctx)
        print("\n".join(fused_said(ctx, run.area.code)))
        print(f"Run {run.run_id} in {run.folder}. Serve it with: peelian serve --home {home_folder()}")


def serve(
    host: Host = "127.0.0.1",
    port: Port = 8000,
    access: Annotated[str, typer.Option(help="How people sign in: accounts or oidc. Default: nobody.")] = "",
    certificate: Annotated[Path | None, typer.Option(help="TLS certificate, PEM.")] = None,
    key: Annotated[Path | None, typer.Option(help="Its key, PEM.")] = None,
) -> None:
    """Serve the map and the pages: on this machine to you, or beyond it to those who sign in."""
    from peelian.api.reach import Reach

    listen(host, port, Reach(access, certificate, key))


def listen(host: str = "127.0.0.1", port: int = 8000, reach: Reach | None = None) -> None:
    """Serve until stopped, with a worker beside for the jobs the pages queue and a taker for live feeds."""
    outside = dict(os.environ)
    # Polars reads it once. A server's many small steps cost a fifth less CPU on one thread than handed over.
    os.environ.setdefault("POLARS_MAX_THREADS", "1")
    from peelian.api.live_desks import LiveDesks
    from peelian.api.serve import THIS_MACHINE, run
    from peelian.pipeline.live.inflow import Inflow
    from peelian.pipeline.live.state_desk import open_desk
    from peelian.pipeline.live.taker_beside import TakerBeside

    ctx, reach = context(), reach or THIS_MACHINE
    access = reach.open(ctx.ws, host)
    with ended_by_term() as wanted, worker(outside):
        desk: LiveDesk | LiveDesks = open_desk(ctx)
        if access is not None:  # people of several forces may sign in: each has its own
            desk = LiveDesks(lambda forces: open_desk(ctx, forces=forces), access.force)
        inflow = Inflow(ctx, TakerBeside(ctx))
        inflow.listeners.append(desk)
        inflow.start()
        try:
            run(
                ctx.ws, host, port, actor=ctx.actor, purpose=ctx.purpose, ready=announce, live=desk,
                inlet=inflow.door, reach=reach, wanted=wanted,
            )  # fmt: skip
        finally:
            inflow.stop()


def announce(address: str) -> None:
    """Say where to look, in one line."""
    print(f"Peelian is at {address} (Ctrl-C stops it)", flush=True)


def work(
    forever: Annotated[bool, typer.Option("--forever", help="Keep waiting for jobs.")] = False,
    beside: Annotated[int | None, typer.Option(hidden=True, help="Leave when this parent is gone.")] = None,
) -> None:
    """Run the jobs that are queued."""
    from peelian.pipeline.jobs import work as run

    done = run(context(), forever=forever, wanted=lambda: beside in (None, os.getppid()))
    if not forever:
        print(f"{done} jobs run")
