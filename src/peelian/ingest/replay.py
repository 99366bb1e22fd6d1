"""Take rows put aside once more, by an amended mapping: from what was kept of them, or from their file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import polars as pl

from peelian.domain.actor import AuditEntry
from peelian.domain.contracts import ParsedBatch, RawFile, Source
from peelian.domain.errors import Refused
from peelian.ingest.report import Bins, FileReport
from peelian.ingest.take import Caller, Taking
from peelian.store import audit, quarantine
from peelian.store.catalogue import Connection
from peelian.store.workspace import Workspace


@dataclass(frozen=True)
class AsideRow:
    """One row put aside: its id in the quarantine, data line, and the ledger's key where it had an id."""

    id: int
    row: int
    key: tuple[int, int] | None


@dataclass(frozen=True)
class AsideFile:
    """Rows put aside of one file. `raw` is the file, or what was kept of the rows, one after another.

    `lines` maps a data line of `raw` to the row it is.
    """

    raw: RawFile
    options_digest: str
    lines: dict[int, AsideRow]


@dataclass
class Replayed:
    """What became of rows put aside: taken (in the ledger's bins), or aside still, by reason."""

    bins: Bins = field(default_factory=Bins)
    still: Counter[str] = field(default_factory=Counter)

    def add(self, other: Replayed) -> None:
        """Add another's counts."""
        self.bins.add(other.bins)
        self.still += other.still


def try_again(source: Source, file: AsideFile, options: dict[str, Any]) -> Replayed:
    """Say what a replay would do, without doing it: `accepted` counts rows that would pass."""
    out = Replayed()
    for batch, failed in _chosen(source, file, options):
        out.bins.read += batch.read
        out.bins.accepted += batch.rows.height
        out.still += Counter(failed.values())
    return out


def replay(
    ws: Workspace, source: Source, file: AsideFile, caller: Caller, options: dict[str, Any]
) -> Replayed:
    """Take the rows that pass now; in one transaction they enter the ledger and leave the quarantine.

    Raises:
        Refused: someone else took or dropped some of them meanwhile; nothing was changed.
    """
    failed: dict[int, str] = {}
    passed: list[int] = []
    ids = {one.row: one.id for one in file.lines.values()}

    def book(conn: Connection, report: FileReport) -> None:
        bins = report.bins
        if quarantine.mark(conn, passed, "replayed") != len(passed):
            raise Refused("some of these rows were taken or dropped meanwhile", do="list them again")
        for reason in sorted(set(failed.values())):
            quarantine.new_reason(conn, [one for one, why in failed.items() if why == reason], reason)
        quarantine.recount(
            conn, sha256=file.raw.sha256, options=file.options_digest, source=source.SPEC.id,
            accepted=bins.accepted, duplicate=bins.duplicate, revised=bins.revised, retracted=bins.retracted,
        )  # fmt: skip
        what = f"replay of {len(passed)} rows of {source.SPEC.id} put aside; {len(failed)} stay aside"
        force = str(caller.options.get("force") or "")
        audit.append(conn, caller.actor, caller.purpose, AuditEntry("alteration", what, area=force))

    taking = Taking(ws, source.SPEC, file.raw, replace(caller, digest=file.options_digest), book)
    try:
        for batch, wrong in _chosen(source, file, options):
            taking.add(batch)
            failed |= wrong
            passed += [ids[row] for row in batch.rows["row"].to_list()]
        report = taking.commit()
    finally:
        taking.close()
    return Replayed(report.bins, Counter(failed.values()))


def _chosen(
    source: Source, file: AsideFile, options: dict[str, Any]
) -> Iterator[tuple[ParsedBatch, dict[int, str]]]:
    """Give the rows chosen that pass, under the keys their ids had, and why the others do not, by id."""
    lines = list(file.lines)
    for batch in source.parse(file.raw, options):
        rows = batch.rows.filter(pl.col("row").is_in(lines))
        rejects = batch.rejects.filter(pl.col("row").is_in(lines))
        failed = {file.lines[line].id: str(why) for line, why in rejects.select("row", "reason").iter_rows()}
        rows = _keyed(rows, file.lines)
        yield replace(batch, rows=rows, rejects=rejects.clear(), read=rows.height), failed


def _keyed(rows: pl.DataFrame, lines: dict[int, AsideRow]) -> pl.DataFrame:
    """Give each row its own data line's number, and the key its id had."""
    were = [(line, one.row, *(one.key or (None, None))) for line, one in lines.items()]
    schema = {"row": pl.UInt64, "_was": pl.UInt64, "_hi": pl.UInt64, "_lo": pl.UInt64}
    found = rows.join(pl.DataFrame(were, schema=schema, orient="row"), on="row", how="left")
    return found.with_columns(
        row=pl.col("_was"), key_hi=pl.coalesce("_hi", "key_hi"), key_lo=pl.coalesce("_lo", "key_lo")
    ).select(rows.columns)


def from_fields(
    folder: Path, raw: RawFile, rows: Sequence[tuple[AsideRow, dict[str, Any]]]
) -> tuple[RawFile, dict[int, AsideRow]]:
    """Write what was kept of rows as a table under our own column names; give it and its lines.

    An id stands as a token: the row's key is put in its place afterwards.
    """
    body = [
        {name: value for name, value in kept.items() if name not in ("left", "key_hi", "key_lo")}
        | ({"id": str(place)} if one.key is not None else {})
        for place, (one, kept) in enumerate(rows)
    ]
    path = folder / "kept.parquet"
    pl.DataFrame(body, infer_schema_length=None).write_parquet(path)
    return replace(raw, path=path), {place + 1: one for place, (one, _) in enumerate(rows)}
