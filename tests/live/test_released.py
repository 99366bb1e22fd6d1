"""What leaves the force: late, floored, of fixed windows. No one event shows, whoever looks."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
import pytest

from peelian.api.live_desk import LiveDesk, Served, Told
from peelian.api.live_layer import LiveLayer
from peelian.api.run_folder import read_run
from peelian.live.clock import Clock
from peelian.live.freshness import Feed
from peelian.live.released import PARTNER, PUBLIC, TIERS, table
from peelian.live.state import RunningState
from tests.api.run_folder import write_run
from tests.live.world import NOW, frame, recipe, row, told

WEEK = (date(2026, 10, 26), date(2026, 11, 2))
IN_WEEK = datetime(2026, 10, 28, 12, tzinfo=UTC)


def test_windows_are_whole_past_and_late() -> None:
    assert PARTNER.due(datetime(2026, 11, 2, 23, tzinfo=UTC)) == (date(2026, 10, 19), date(2026, 10, 26))
    assert PARTNER.due(datetime(2026, 11, 3, 1, tzinfo=UTC)) == WEEK
    assert PUBLIC.due(datetime(2026, 10, 31, tzinfo=UTC)) == (date(2026, 4, 1), date(2026, 7, 1))
    assert PUBLIC.due(datetime(2026, 11, 2, tzinfo=UTC)) == (date(2026, 7, 1), date(2026, 10, 1))
    for tier in TIERS.values():
        for hours in range(0, 4000, 37):
            now = NOW + timedelta(hours=hours)
            assert tier.known(tier.due(now)[1]) <= now


def test_small_counts_are_left_out_and_the_rest_rounded() -> None:
    rows = [row(100 * a + k, IN_WEEK, k, lsoa=f"E0100000{a}") for a, n in ((1, 4), (2, 5), (3, 13))
            for k in range(n)]  # fmt: skip
    rows += [row(900 + k, IN_WEEK, k, lsoa="E01000004", domestic="yes") for k in range(30)]
    rows += [row(950 + k, IN_WEEK - timedelta(days=7), k, lsoa="E01000001") for k in range(9)]
    shown = table(frame(rows), recipe(), PARTNER, WEEK)
    assert shown["areas"] == {"E01000002": 5, "E01000003": 15}
    assert table(frame(rows), recipe(), PUBLIC, WEEK)["areas"] == {"E01000003": 15}


class World:
    """A desk whose tables are made of the rows told."""

    def __init__(self, folder: Any) -> None:
        self.at, self.rows = NOW, list[dict[str, Any]]()
        made = recipe(folder.name)
        served = Served(Told(RunningState(made)), LiveLayer(made, read_run(folder)))
        feed = Feed("police", "police crime", timedelta(minutes=5), NOW, NOW, live=True)
        self.desk = LiveDesk(
            Clock(lambda: self.at), lambda: [feed], lambda run: None if run else served,
            lambda _state, tier, window: table(
                frame([r for r in self.rows if r["available_at"] <= tier.known(window[1])]), made, tier,
                window,
            ),
        )  # fmt: skip

    def tell(self, position: int, rows: list[dict[str, Any]]) -> None:
        self.rows += rows
        self.desk(told(position, rows))

    def look(self) -> None:
        self.desk._due = dict.fromkeys(self.desk._due, 0.0)
        self.desk.look()

    def log(self, tier: str) -> list[bytes]:
        """What a follower of a tier was sent, without the log's own name."""
        versions = (self.desk.broadcast if tier == "force" else self.desk.delayed[tier]).versions
        found = versions.since(0)
        assert found is not None
        return [body.replace(versions.start.encode(), b"") for body in found[0]]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Any:
    where = tmp_path_factory.mktemp("runs") / "run"
    write_run(where)
    return where


def played(folder: Any, extra: list[dict[str, Any]]) -> World:
    """Ten days of a busy force, looked at every six hours; `extra` events come on the second day."""
    world = World(folder)
    rng = np.random.default_rng(6)
    for k in range(40):
        world.at = NOW + timedelta(hours=6 * k)
        rows = [row(1000 * k + j, world.at - timedelta(minutes=j), int(rng.integers(300))) for j in range(3)]
        world.tell(k + 1, rows + (extra if k == 8 else []))
        world.look()
    return world


@pytest.mark.parametrize("tier", ["partner", "public"])
def test_no_tier_but_the_force_can_see_a_patch_caused_by_one_event(folder: Any, tier: str) -> None:
    """With and without one event: as many messages, at the same moments; a place of its own never shows."""
    alone = [row(999_999, NOW + timedelta(hours=47), 301, lsoa="E01099999")]
    with_it, without = played(folder, alone), played(folder, [])
    assert with_it.log("force") != without.log("force")
    assert with_it.log(tier) == without.log(tier)
    assert all(b"event: areas" in body for body in with_it.log(tier))
    assert len(with_it.log("partner")) == 2, "one table a week"


def test_what_comes_late_changes_no_table(folder: Any) -> None:
    world = played(folder, [])
    before = world.log("partner")
    late = [row(5_000 + k, IN_WEEK, k, available_at=world.at) for k in range(50)]
    world.tell(99, late)
    world.look()
    assert world.log("partner") == before


def test_nothing_finer_than_a_day_is_said_to_others(folder: Any) -> None:
    world = played(folder, [])
    one = world.desk.says_to("partner")
    world.tell(99, [row(7_000, world.at, 3)])
    world.at += timedelta(seconds=20)
    world.look()
    assert world.desk.says_to("partner") == one
    assert not {"heard", "position", "version", "clock"} & set(one)
    assert one["live"] is False
