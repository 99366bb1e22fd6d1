"""Make a run's recipe in a process of its own, so that neither a page nor the queue of jobs waits for it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from peelian.domain.errors import PeelianError
from peelian.live.recipe import has_recipe
from peelian.pipeline.context import Context, open_context
from peelian.pipeline.live.state_recipe import recipe_of
from peelian.store.runs import RunRow, get_run

OFF: Final = "live.off"
"""Beside a run: why it has no recipe, in words."""
LOCK: Final = "live.lock"
"""Beside a run: held by the one process that makes its recipe; the system lets it go when that ends."""
PREPARING: Final = "the running state is being prepared"


class Making:
    """Asks for recipes, one at a time, each once."""

    def __init__(self, ctx: Context) -> None:
        self.ctx = ctx
        self._asked: dict[str, subprocess.Popen[bytes]] = {}

    def ask(self, run: RunRow) -> str:
        """Begin, if it was not asked before; say how it stands."""
        process = self._asked.get(run.run_id)
        if process is None:
            (run.folder / OFF).unlink(missing_ok=True)
            # The address of a database may hold a password: it goes by the environment, not the command.
            database = self.ctx.ws.engine.url.render_as_string(hide_password=False)
            command = [sys.executable, "-m", __name__, str(self.ctx.ws.home), run.run_id]
            self._asked[run.run_id] = subprocess.Popen(
                command, env=os.environ | {"PEELIAN_DATABASE": database}
            )
            return PREPARING
        if process.poll() is None or has_recipe(run.folder):
            return PREPARING
        told = run.folder / OFF
        return told.read_text(encoding="utf-8") if told.is_file() else "its recipe could not be made"


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Wait until no other process makes this run's recipe: a server begun again and again asks each time.

    Where the system knows no such lock (Windows), several may make it at once; the last one's file stands.
    """
    with (folder / LOCK).open("wb") as held:
        with suppress(ImportError):
            import fcntl

            fcntl.flock(held, fcntl.LOCK_EX)
        yield


def main(home: Path, run_id: str) -> int:
    """Make one recipe; where it cannot be made, write down why."""
    ctx = open_context(home, os.environ.get("PEELIAN_DATABASE"))
    run = get_run(ctx.ws, run_id)
    try:
        with alone(run.folder):
            recipe_of(ctx, run)
    except PeelianError as error:
        (run.folder / OFF).write_text(error.sentence, encoding="utf-8")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2]))
