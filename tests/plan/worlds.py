"""Small worlds to plan in, drawn from a seed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np

from peelian.domain.plan import Candidates, Rules, Slot, Team

START = datetime(2026, 1, 5, 7, tzinfo=UTC)


def slots(count: int) -> list[Slot]:
    """Shifts of eight hours, one after the other."""
    step = timedelta(hours=8)
    return [Slot(f"s{i}", START + i * step, START + (i + 1) * step) for i in range(count)]


def places(
    harm: np.ndarray, *, areas: int = 2, rng: np.random.Generator | None = None, side: float = 3000.0
) -> Candidates:
    """Places with this harm (N, S), in areas turn by turn; touching in a row, or drawn in a square."""
    n = len(harm)
    east = np.arange(n) * 250.0 if rng is None else rng.random(n) * side
    north = np.zeros(n) if rng is None else rng.random(n) * side
    plain = np.round(harm * 3) if rng is None else rng.poisson(harm * 3).astype(float)
    ids = tuple(f"c{i}" for i in range(n))
    return Candidates(
        ids, ids, east, north, harm, harm * 0.5, harm * 1.5, plain, tuple(f"A{i}" for i in range(areas)),
        np.arange(n) % areas, tuple((i, i + 1) for i in range(n - 1)),
    )  # fmt: skip


def team(count: int, visits: int, working: list[Slot], *, kind: str = "visible presence", mode: str = "any",
         base: tuple[float, float] = (0.0, 0.0)) -> Team:  # fmt: skip
    """Teams with time for so many visits of a quarter of an hour, where travel costs nothing."""
    names = tuple(slot.name for slot in working)
    return Team(f"{kind} {mode}", kind, "an agency", *base, mode, names, visits * 0.25, count)


FREE = {"foot": float("inf"), "bicycle": float("inf"), "car": float("inf"), "any": float("inf")}


def draw(seed: int) -> tuple[Candidates, list[Slot], list[Team], Rules]:
    """A tiny world with a random set of rules: few enough places and slots to try all plans."""
    rng = np.random.default_rng(seed)
    n, s = int(rng.integers(2, 6)), int(rng.integers(1, 4))
    shifts = slots(s)
    one = places(rng.gamma(0.7, 1, (n, s)), areas=int(rng.integers(1, 4)), rng=rng)

    def maybe(value: object, chance: float = 0.35) -> object:
        return value if rng.random() < chance else None

    two = bool(rng.random() < 0.15) and n * s <= 8
    teams = [team(1, int(rng.integers(1, 4)), shifts)]
    if rng.random() < 0.4:
        teams.append(team(1, 1, shifts[:1], kind="outreach", mode="foot"))
    effect = {"visible presence": 0.2, "outreach": 0.35} if rng.random() < 0.3 else {}
    rules = Rules(
        most_visits_a_slot=2 if two else 1, most_visits_a_place=maybe(int(rng.integers(1, 3))),  # type: ignore[arg-type]
        least_gap_slots=int(maybe(1, 0.3) or 0), revisit_slots=maybe(int(rng.integers(1, 3)), 0.2),  # type: ignore[arg-type, call-overload]
        excluded=tuple([one.ids[0]] if rng.random() < 0.2 else []),
        cap_by_area={"A0": float(rng.choice([0.4, 0.5, 0.75]))} if rng.random() < 0.3 else {},
        cap_each_area=maybe(float(rng.choice([0.5, 0.6])), 0.15),  # type: ignore[arg-type]
        least_by_area={one.areas[-1]: float(rng.choice([0.25, 0.5]))} if rng.random() < 0.3 else {},
        contiguous=bool(rng.random() < 0.2), hold_out=float(maybe(0.2, 0.2) or 0.0),  # type: ignore[arg-type]
        most_visits=maybe(int(rng.integers(1, 5)), 0.3), effect=effect, travel_km_h=FREE, seed=seed,  # type: ignore[arg-type]
    )  # fmt: skip
    shared = float(rng.choice([0.025, 0.1, 0.3])) if rng.random() < 0.4 else None
    if len(one.areas) == 3 and rng.random() < 0.5:
        one = replace(one, zones=("Z0", "Z1"), zone_of=(0, 1, 0))
    return one, shifts, teams, replace(rules, share_by_harm=shared)
