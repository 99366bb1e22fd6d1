"""Reading with a pace: batches between two turns share a parse, and each sender gets its own rows."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from unittest.mock import patch

from peelian.pipeline.live import reading
from peelian.pipeline.live.opened import open_feed
from peelian.pipeline.live.reading import Reading
from peelian.store.feeds import get_feed
from tests.pipeline.live.doors import FEED, NOW, lines, made, row
from tests.workspaces import fresh


def test_batches_between_two_turns_share_a_parse(tmp_path: Path) -> None:
    ctx, door, _ = made(fresh(tmp_path / "home"))
    opened = open_feed(ctx.ws, get_feed(ctx.ws, FEED))
    paced = Reading(pace_s=600.0)
    paced.parse(opened, lines([row("first")]), NOW)  # nobody was before it: at once
    groups: list[int] = []

    def counted(group: list[reading._Waits]) -> object:
        groups.append(len(group))
        return real(group)

    real = reading._parse
    with patch.object(reading, "_parse", counted), ThreadPoolExecutor(64) as pool:
        # 63 would wait for their turn; a full group goes without it
        bodies = [lines([row(f"N{k}"), row(f"M{k}")]) for k in range(64)]
        told = list(pool.map(lambda body: paced.parse(opened, body, NOW), bodies))
    assert groups == [64]
    assert [sum(part.read for part in parts) for parts in told] == [2] * 64
    for k in (0, 1, 63):
        alone = opened.parse(bodies[k], NOW)
        assert [
            part.rows.drop("row").equals(own.rows.drop("row"))
            for part, own in zip(told[k], alone, strict=True)
        ]
    paced.stop()
    door.stop()


def test_what_waits_for_its_turn_is_read_at_the_stop(tmp_path: Path) -> None:
    ctx, door, _ = made(fresh(tmp_path / "home"))
    opened = open_feed(ctx.ws, get_feed(ctx.ws, FEED))
    paced = Reading(pace_s=600.0)
    paced.parse(opened, lines([row("first")]), NOW)
    with ThreadPoolExecutor(1) as pool:
        waits = pool.submit(paced.parse, opened, lines([row("second")]), NOW)
        while not paced._line:
            pass
        paced.stop()
        assert waits.result()[0].read == 1
    door.stop()
