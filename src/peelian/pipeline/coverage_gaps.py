"""What is held and what is missing, in a row for each source, force and kind."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import polars as pl

from peelian.domain.time import LONDON
from peelian.pipeline.context import Context
from peelian.pipeline.count_coverage import count_rows
from peelian.pipeline.gaps import gaps
from peelian.store.coverage import coverage
from peelian.store.patrols import read_patrols
from peelian.store.sites import read_sites


def coverage_summary(ctx: Context) -> list[dict[str, Any]]:
    """Give source, force, kind, from, to, rows, the gaps between deliveries (missing, not zero) and a note.

    Counts of areas follow events, each measure apart, with more keys: see `count_coverage.rows_of`.
    """
    held = coverage(ctx.ws)
    rows = []
    for (source, force, kind), part in held.group_by("source", "force", "kind", maintain_order=True):
        spans = sorted(set(part.select("start", "end").iter_rows()))
        rows.append(
            {
                "source": source, "force": force, "kind": kind, "from": spans[0][0],
                "to": max(end for _, end in spans) - timedelta(days=1),
                "rows": int(part["rows"].sum() or 0),
                "gaps": ", ".join(gaps(spans)) or "none", "note": "",
            }
        )  # fmt: skip
    rows += _places(
        read_patrols(ctx.ws, purpose=ctx.purpose), "patrols", "audit only: no forecast reads them"
    )
    rows += _places(read_sites(ctx.ws, purpose=ctx.purpose), "sites", "")
    return sorted(rows, key=lambda r: (r["source"], r["force"], r["kind"])) + count_rows(ctx)


def _places(held: pl.DataFrame, kind: str, note: str) -> list[dict[str, Any]]:
    """Give patrols, or sites: from the first begun to the last begun; they cover no days."""
    rows = []
    for (source, force), part in held.group_by("source", "force", maintain_order=True):
        days = part["start"].dt.convert_time_zone(LONDON.key).dt.date().sort()
        rows.append(
            {
                "source": source, "force": force, "kind": kind, "from": days[0], "to": days[-1],
                "rows": part.height, "gaps": "", "note": note,
            }
        )  # fmt: skip
    return rows
