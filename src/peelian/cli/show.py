"""What people read on the terminal."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from peelian.domain.forecast import Forecast
from peelian.pipeline.context import Context

if TYPE_CHECKING:  # these load what only some commands need
    from peelian.ingest.run import IngestReport
    from peelian.pipeline.forecasting import Run


def ingest_lines(report: IngestReport) -> list[str]:
    """Say what became of every row, file by file where there are few."""
    body = report.to_json()
    total = body["total"]
    lines = [
        f"{total['read']:,} rows read: {total['accepted']:,} accepted, {total['duplicate']:,} already held, "
        f"{total['revised']:,} revised, {total['quarantined']:,} quarantined; "
        f"{total['retracted']:,} held rows retracted."
    ]
    reasons: dict[str, int] = getattr(report, "reasons", {})
    lines += [f"  quarantined {n:,}: {why}" for why, n in sorted(reasons.items(), key=lambda r: -r[1])]
    lines += [f"  note: {note}" for note in getattr(report, "notices", ())]
    return lines


def coverage_rows(ctx: Context) -> list[dict[str, Any]]:
    """Give one row for each source, force and kind held."""
    from peelian.pipeline.coverage_gaps import coverage_summary

    ctx.consult("consultation", "coverage")
    return coverage_summary(ctx)


def coverage_tables(rows: list[dict[str, Any]]) -> None:
    """Print events and, apart, counts of areas: machines get every key, people these."""
    columns = ("source", "force", "kind", "from", "to", "rows", "gaps")
    counts = [row for row in rows if "measure" in row]
    events = [row for row in rows if "measure" not in row]
    if events:
        table([{name: row[name] for name in columns} for row in events])
    if counts:
        print("\nCounts of areas, never spread onto cells (withheld: missing, never zero):")
        short = ("source", "force", "kind", "basis", "from", "to", "gaps", "note")
        table([{name: row[name] for name in short} for row in counts])


def table(rows: list[dict[str, Any]]) -> None:
    """Print rows as a table, headings from their keys."""
    from rich.console import Console
    from rich.table import Table

    out = Table(box=None, pad_edge=False)
    for name in rows[0]:
        out.add_column(name, justify="right" if isinstance(rows[0][name], int) else "left")
    for row in rows:
        out.add_row(*(f"{v:,}" if isinstance(v, int) else str(v) for v in row.values()))
    Console(width=max(100, Console().width)).print(out)


def forecast_lines(run: Run, out: Path | None) -> list[str]:
    """Say what was forecast and the ten places with the most expected."""
    made = run.forecast
    total = np.nansum(made.mean, axis=1)
    names = pl.read_parquet(run.folder / "places.parquet").select("cell", "name")
    top = [i for i in np.argsort(-made.mean[0], kind="stable")[:10] if np.isfinite(made.mean[0, i])]
    said = f"expected {total[0]:,.1f}" if top else "no number, for nothing of the last year was published,"
    lines = [
        f"{run.title}, {run.area.name}: {first_window(made)}",
        f"{said} in {len(made.cells):,} places of {made.grid.size:g} {made.grid.unit}s; model: {made.model}",
        run.verdict,
        "",
        f"{'place':40} {'expected':>9} {'chance of one or more':>22}",
    ]
    named = dict(names.iter_rows())
    for i in top:
        name = str(named.get(int(made.cells[i])) or "no published street")
        lines.append(f"{name[:40]:40} {made.mean[0, i]:9.2f} {chance(float(made.p_any[0, i])):>22}")
    lines += ["", "A forecast about places. Not grounds for stop, search, entry, arrest or eviction."]
    lines.append(f"Run {run.run_id} in {run.folder}" + (f"; forecast file {out}" if out else ""))
    return lines


def first_window(made: Forecast) -> str:
    """Say the first window: its days, or of a shift its day and hours."""
    start, end = made.starts[0], made.ends[0]
    if isinstance(start, datetime):
        return f"{start:%A %d %B %Y, %H:%M} to {end:%H:%M}, the first of {len(made.starts)} shifts"
    return f"{start:%d %B %Y} to {end:%d %B %Y} (not included)"


def chance(p: float) -> str:
    """Give a chance as people should read it: never 0 % or 100 %.

    >>> chance(0.9999), chance(0.424), chance(0.0001)
    ('over 99 %', '42 %', 'under 1 %')
    """
    if p > 0.99:
        return "over 99 %"
    return "under 1 %" if p < 0.01 else f"{p:.0%}".replace("%", " %")
