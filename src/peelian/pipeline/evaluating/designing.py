"""Before starting: a draw that reproduces, and a design locked by its hash."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from peelian.domain.canonical import digest_of
from peelian.domain.errors import Refused
from peelian.pipeline.context import Context
from peelian.pipeline.evaluating.asked import by_design
from peelian.plan.effects.randomised import assign, strata_by_count
from peelian.store.catalogue import now, transaction
from peelian.store.designs import LockedDesign, lock_design


def draw_from(path: Path, *, share: float, stratum: int, seed: int) -> dict[str, Any]:
    """Draw the treated from a CSV of `place` and `count` (events before): places, strata, treated, seed.

    Raises:
        Refused: a file without these columns, a count that is no number, or strata that cannot be split.
        Misuse: a place named twice, or a share that is none.
    """
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            rows = list(csv.DictReader(file))
        names = tuple(row["place"].strip() for row in rows)
        counts = np.array([float(row["count"]) for row in rows])
    except (KeyError, ValueError, OSError):
        raise Refused(
            "the file cannot be drawn from", expected="a CSV file with the columns place and count"
        ) from None
    return draw_of(names, counts, share=share, stratum=stratum, seed=seed)


def draw_of(
    names: tuple[str, ...], counts: npt.NDArray[np.float64], *, share: float, stratum: int, seed: int
) -> dict[str, Any]:
    """Draw the treated within strata of like count, as `draw_from` does.

    Raises:
        Refused: too few places, or strata that cannot be split.
        Misuse: a place named twice, or a share that is none.
    """
    if len(names) < 12 or stratum < 2:
        raise Refused("too few places to draw from", expected="at least 12 places, and 2 to a stratum")
    strata = strata_by_count(counts, stratum)
    treated = assign(names, strata, share=share, seed=seed)
    return {
        "places": list(names), "strata": strata.tolist(), "treated": treated.astype(int).tolist(),
        "seed": seed, "share": share,
    }  # fmt: skip


def check_draw(draw: dict[str, Any]) -> None:
    """Check that a draw is what its own seed gives.

    Raises:
        Refused: the treated are not those that the seed draws, or the draw lacks a part.
    """
    try:
        again = assign(
            tuple(draw["places"]), np.array(draw["strata"], np.int64), share=float(draw["share"]),
            seed=int(draw["seed"]),
        )  # fmt: skip
    except (KeyError, TypeError, ValueError):
        raise Refused("the draw lacks a part", expected="places, strata, treated, share and seed") from None
    if again.astype(int).tolist() != list(draw["treated"]):
        raise Refused(
            "the treated places are not those that the seed draws", do="draw again, and change nothing"
        )


def lock(
    ctx: Context, id_: str, design: dict[str, Any], *, by_role: str, intervention: str = ""
) -> LockedDesign:
    """Lock a design before the result is known; what is asked must be answerable as it stands.

    Raises:
        Misuse: the design lacks target or method, or says something that cannot be asked.
        Refused: its draw is not that of its seed, or another design is locked under that id.
    """
    if "draw" in design:
        check_draw(design["draw"])
    by_design(LockedDesign(id_, intervention, digest_of(design), design, now(), by_role))
    ctx.allow("collection", f"study design {id_}")
    with transaction(ctx.ws) as conn:
        return lock_design(
            conn, ctx.actor, ctx.purpose, id_, design, by_role=by_role, intervention=intervention
        )
