"""A process that ingests, follows and keeps until it is killed; its argument is the workspace."""

from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from peelian.domain.actor import LOCAL_ANALYST
from peelian.domain.grid import BRITISH_NATIONAL_GRID_250 as GRID
from peelian.domain.live import Taken
from peelian.ingest.run import ingest
from peelian.live.recipe import Kind, Recipe
from peelian.pipeline.context import Context
from peelian.pipeline.live.state_follow import Follower
from peelian.store.changes import changes_between
from peelian.store.ledger import latest_snapshot
from peelian.store.workspace import Workspace, open_workspace
from tests.tiny_source import FIRST, Tiny, row, write

NOW = FIRST + timedelta(days=100)


def follower(ws: Workspace) -> Follower:
    """Follow the tiny force `here`: robbery and ASB, all in one cell, over a hundred days."""
    recipe = Recipe(
        "tiny-run", "robbery", "robbery", GRID, np.array([0, 1, 2800]),
        (Kind("robbery", ("robbery",)), Kind("asb", ("asb",))), np.array([3.0, 20.0]),
        np.full((2, 2), 0.1), np.ones((1, 1)), np.full(3, 0.01), datetime(2022, 1, 1, tzinfo=UTC), 100,
        ("here",),
    )  # fmt: skip
    return Follower(Context(ws), recipe, "here", lambda: NOW)


def batch(rng: np.random.Generator, n: int) -> list[dict[str, Any]]:
    """Rows new, late, corrected and retracted, as they come."""
    out = []
    for _ in range(n):
        id_, day = int(rng.integers(400)), int(rng.integers(0, 99))
        words = f"v{rng.integers(1000)}"
        group = str(rng.choice(["robbery", "asb"]))
        out.append(row(f"i{id_}", words, day=day, at=100, group=group, gone=rng.random() < 0.15))
    return list({one["id"]: one for one in out}.values())


def put(ws: Workspace, path: Path, rows: list[dict[str, Any]]) -> None:
    """Commit some rows."""
    ingest(ws, Tiny(), [write(path, rows)], options={}, actor=LOCAL_ANALYST, purpose="analysis")


def main(home: Path) -> None:
    """Go on from wherever the last one was killed."""
    ws = open_workspace(home)
    following = follower(ws)
    following.start()
    print("began", flush=True)
    first = latest_snapshot(ws)
    rng = np.random.default_rng(first)
    for k in range(first + 1, first + 10_000):
        before = latest_snapshot(ws)
        put(ws, home / f"{k}.json", batch(rng, 6))
        after = latest_snapshot(ws)
        if k % 3:  # told by the taker; else nobody tells, and a look finds it
            following(Taken(k, after, NOW, *changes_between(ws, before, after)))
        else:
            following.check()
        if k % 2:
            following.keep(k)
        print(k, flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
