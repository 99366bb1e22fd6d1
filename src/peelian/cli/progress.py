"""Progress on a terminal, silence when piped."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from peelian.domain.progress import Tick, no_tick


@contextmanager
def progress(title: str, *, plain: bool = False) -> Iterator[Tick]:
    """Give a tick that draws a bar on the error stream when it is a terminal.

    With `plain`, each new sentence is printed as a line where there is no terminal (for `make demo`).
    """
    if sys.stderr.isatty():
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

        columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
        with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
            task = bar.add_task(title, total=1.0)
            yield lambda what, share: bar.update(task, completed=share, description=f"{title}: {what}")
    elif plain:
        said: list[str] = []

        def line(what: str, share: float) -> None:
            if not said or said[-1] != what:
                said.append(what)
                print(f"  {title}: {what} ({share:.0%})", file=sys.stderr, flush=True)

        yield line
    else:
        yield no_tick
