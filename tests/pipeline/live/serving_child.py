"""A real server that takes a live feed, in a process of its own: HOME DATABASE PORT."""

import sys
from pathlib import Path

from peelian.api.serve import run
from peelian.pipeline.context import open_context
from peelian.pipeline.live.inflow import Inflow
from peelian.pipeline.live.taker_beside import TakerBeside

ctx = open_context(Path(sys.argv[1]), sys.argv[2] or None)
inflow = Inflow(ctx, TakerBeside(ctx))
inflow.start()
run(
    ctx.ws, "127.0.0.1", int(sys.argv[3]), actor=ctx.actor, purpose=ctx.purpose, inlet=inflow.door,
    ready=lambda _address: print("ready", flush=True),
)  # fmt: skip
inflow.stop()
