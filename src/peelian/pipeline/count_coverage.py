"""Coverage of area counts: which measures of which areas and periods are held, and how much is withheld."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Final

import polars as pl

from peelian.domain.time import LONDON
from peelian.pipeline.context import Context
from peelian.pipeline.gaps import gaps
from peelian.store.area_counts import read_area_counts

USABLE_SHARE: Final = 0.20
"""Share of areas over the floor below which a layer of convictions calls itself unusable."""
_FLOORED: Final = "known_offending"
_OWNER: Final = ("source", "force", "group", "area_kind", "basis")


def count_rows(ctx: Context) -> list[dict[str, Any]]:
    """Give a row for each source, force, measure, kind of area and basis; see `rows_of`."""
    return rows_of(read_area_counts(ctx.ws, purpose=ctx.purpose))


def rows_of(counts: pl.DataFrame) -> list[dict[str, Any]]:
    """Give source, force, kind (the measure, and by what), from, to, rows, gaps and a note in words.

    Beside them: `measure`, `basis`, `areas`, `withheld` (rows), `share_passing` (of the newest
    period's areas, those whose count is not withheld) and `usable`. What is withheld is missing, never zero.
    """
    rows = []
    for owner, part in counts.group_by(*_OWNER, maintain_order=True):
        source, force, measure, kind, basis = (str(one) for one in owner)
        spans = sorted({(_day(start), _day(end)) for start, end in part.select("start", "end").iter_rows()})
        withheld = int(part["suppressed"].sum())
        share = passing_share(part)
        usable = source != _FLOORED or share >= USABLE_SHARE
        rows.append(
            {
                "source": source, "force": force, "kind": f"{measure} by {kind}",
                "from": spans[0][0], "to": max(end for _, end in spans) - timedelta(days=1),
                "rows": part.height, "gaps": ", ".join(gaps(spans)) or "none",
                "note": _note(source, withheld, part.height, share, usable),
                "measure": measure, "basis": _words(basis), "areas": part["area"].n_unique(),
                "withheld": withheld, "share_passing": round(share, 4), "usable": usable,
            }
        )  # fmt: skip
    return rows


def passing_share(part: pl.DataFrame) -> float:
    """Give the share of the newest period's areas that have a count which is not withheld."""
    newest = part.filter(pl.col("end") == pl.col("end").max())
    passing = newest.filter(~pl.col("suppressed"))["area"].n_unique()
    areas = newest["area"].n_unique()
    return passing / areas if areas else 0.0


def _note(source: str, withheld: int, rows: int, share: float, usable: bool) -> str:
    words = f"{withheld} of {rows} withheld" if withheld else ""
    if source != _FLOORED:
        return words
    passing = f"{share:.0%} of areas pass".replace("%", " %")
    return "; ".join(one for one in (words, passing + ("" if usable else ": unusable")) if one)


def _words(basis: str) -> str:
    known = {"incident": "place of incident", "offence": "place of offence", "service": "service site"}
    return known.get(basis, basis)


def _day(instant: Any) -> date:
    local: date = instant.astimezone(LONDON).date()
    return local
