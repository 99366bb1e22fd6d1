"""What is held and what is missing, in a row for each source, force and kind."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from peelian.pipeline.context import Context
from peelian.store.coverage import coverage


def coverage_summary(ctx: Context) -> list[dict[str, Any]]:
    """Give source, force, kind, from, to, rows and the gaps between deliveries (missing, not zero)."""
    held = coverage(ctx.ws)
    rows = []
    for (source, force, kind), part in held.group_by("source", "force", "kind", maintain_order=True):
        spans = sorted(set(part.select("start", "end").iter_rows()))
        rows.append(
            {
                "source": source, "force": force, "kind": kind, "from": spans[0][0],
                "to": max(end for _, end in spans) - timedelta(days=1),
                "rows": int(part["rows"].sum() or 0),
                "gaps": ", ".join(gaps(spans)) or "none",
            }
        )  # fmt: skip
    return sorted(rows, key=lambda r: (r["source"], r["force"], r["kind"]))


def gaps(spans: list[tuple[date, date]]) -> list[str]:
    """List the days between covered spans as 'from to to'.

    >>> gaps([(date(2022, 1, 1), date(2022, 2, 1)), (date(2022, 3, 1), date(2022, 4, 1))])
    ['2022-02-01 to 2022-02-28']
    """
    found, reach = [], spans[0][1]
    for start, end in sorted(spans)[1:]:
        if start > reach:
            found.append(f"{reach} to {start - timedelta(days=1)}")
        reach = max(reach, end)
    return found
