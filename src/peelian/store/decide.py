"""Decide, row by row, what a file changes: accepted, revised or duplicate, and which version."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

import polars as pl
from sqlalchemy import Connection, or_

from peelian.knife.vocabulary import REVIEWED
from peelian.store import history
from peelian.store.agreements import closed_agreements
from peelian.store.duck import Duck, files_sql, frame, quoted
from peelian.store.segments import Records, empty_rows, standing_segments
from peelian.store.stage import Stage
from peelian.store.tables import segment
from peelian.store.workspace import Workspace

Rule = Literal["edition", "new only", "rows"]
"""`edition`: a newer edition. `new only`: an edition held already, but with rows put aside: keys it lacked
are asserted, nothing else changes. `rows`: a feed of rows, each perhaps a later version of one held."""

_MOST_VERSIONS: Final = 65_535  # what the version column holds

_HELD: Final = """
create temp table held as
select key_hi, key_lo, version, op, content, available_at from {files}
where part = ? and exists (select 1 from file_keys f where f.key_hi = b.key_hi and f.key_lo = b.key_lo)
"""
_NEWEST: Final = """
create temp table newest as
select key_hi, key_lo, max(version)::integer as version, arg_max(op, version) as op,
       arg_max(content, version) as content, arg_max(available_at, version) as available_at
from held group by key_hi, key_lo
"""
_EDITION: Final = """
select f."row", case when n.version is null or n.op = 'retract' then 'accepted' else 'revised' end as bin,
       coalesce(n.version + 1, 0) as version
from file_keys f left join newest n on f.key_hi = n.key_hi and f.key_lo = n.key_lo
where n.version is null or n.op = 'retract' or n.content <> f.content
"""
_NEW_ONLY: Final = """
select f."row", 'accepted' as bin, 0 as version
from file_keys f where not exists (select 1 from newest n where f.key_hi = n.key_hi and f.key_lo = n.key_lo)
"""
_SQL: Final[dict[Rule, str]] = {"edition": _EDITION, "new only": _NEW_ONLY}


@dataclass(frozen=True)
class Owned:
    """Whose rows they are: within it, and within a part, a key is unique."""

    records: Records
    source: str
    force: str
    part: str


def held_files(conn: Connection, owned: Owned) -> tuple[str, ...]:
    """List the files that may hold rows of the part. The same list means the same decisions.

    Files of an ended agreement are not among them: nothing of it is read, its rows' keys neither.
    """
    c = segment.c
    found = standing_segments(
        conn, owned.records, None, c.source == owned.source, c.force == owned.force,
        or_(c.part == owned.part, c.part.is_(None)), c.agreement.not_in(closed_agreements(conn)),
    )  # fmt: skip
    return tuple(one.path for one in found)


class Decisions:
    """What a stage's rows change. `pieces` gives the rows that change something; the rest are duplicates."""

    def __init__(self, ws: Workspace, stage: Stage, owned: Owned, rule: Rule, held: tuple[str, ...]) -> None:
        self._stage, self._owned, self._rule = stage, owned, rule
        self._files = [ws.home / Path(path) for path in held]
        self._decided: pl.DataFrame | Path | None = None
        self._restated: pl.DataFrame | None = None
        # A new part of a complete edition needs no comparison: every row is the first of its key.
        if self._files or rule == "rows":
            self._decide()

    def pieces(self) -> Iterator[pl.DataFrame]:
        """Give rows to write with `bin` and `version`, and for a feed of rows `op` and `retracts`.

        Bins: accepted, revised, quarantined, or duplicate for one that only says again that a state stands.
        """
        for rows in self._stage.pieces():
            if self._decided is None:
                yield rows.with_columns(
                    pl.lit("accepted").alias("bin"), pl.lit(0, dtype=pl.Int64).alias("version")
                )
            else:
                found = rows.join(self._of(rows), on="row", how="inner", maintain_order="left")
                if "known_at" in found.columns:
                    at = pl.col("known_at").cast(rows.schema["available_at"])
                    found = found.with_columns(at.alias("available_at")).drop("known_at")
                yield found

    def count(self, piece: pl.DataFrame) -> Counter[str]:
        """Count a piece's rows by bin."""
        if self._decided is None:
            return Counter(accepted=piece.height)
        return Counter(dict(piece["bin"].value_counts().iter_rows()))

    def absent(self) -> pl.DataFrame:
        """Give the part's standing rows whose keys the file does not have, as the ledger stores them."""
        if not self._files:
            return empty_rows(self._owned.records)
        with self._stage.keys() as db:
            return frame(
                db,
                "select * from (select * from " + files_sql(self._files) + " where part = ? qualify "
                "row_number() over (partition by key_hi, key_lo order by version desc) = 1) b "
                "where op <> 'retract' and not exists "
                "(select 1 from file_keys f where f.key_hi = b.key_hi and f.key_lo = b.key_lo)",
                [self._owned.part],
            )

    def restated(self) -> pl.DataFrame:
        """Give held rows to write once more, with their next version: older rows came late before them."""
        return empty_rows(self._owned.records) if self._restated is None else self._restated

    def _decide(self) -> None:
        if self._rule == "rows":
            self._decide_rows()
            return
        sql = (
            f"select \"row\", case when version > {_MOST_VERSIONS} then 'quarantined' else bin end as bin, "
            f"version::bigint as version from ({_SQL[self._rule]})"
        )
        with self._stage.keys() as db:
            self._open_held(db)
            self._keep(db, sql)

    def _decide_rows(self) -> None:
        files = files_sql(self._files) if self._files else None
        with self._stage.keys() as db:
            statements = history.statements(files)
            for statement, needs_part in statements[: history.BUSY]:
                db.execute(statement, [self._owned.part] if needs_part else [])
            if db.execute("select not exists (from busy)").fetchall() == [(True,)]:
                self._keep(db, history.ALL_NEW)  # nothing is held or told twice: as below, without its work
                return
            for statement, _ in statements[history.BUSY :]:
                db.execute(statement)
            self._keep(
                db,
                'select "row", version::bigint as version, known_at, op, retracts, '
                f"case when highest > {_MOST_VERSIONS} then 'quarantined' else bin end as bin "
                f"from ({history.ROWS})",
            )
            if files is not None:
                self._restated = self._restate(db, files)

    def _restate(self, db: Duck, files: str) -> pl.DataFrame | None:
        """Read what stands from a late row's instant on, with its next versions; None when nothing does."""
        rows = frame(
            db,
            f"select b.* exclude (version), r.version as version, r.changes from {files} b "
            f"join ({history.RESTATED}) r "
            "on r.key_hi = b.key_hi and r.key_lo = b.key_lo and r.held_version = b.version "
            f"where b.part = ? and r.highest <= {_MOST_VERSIONS}",
            [self._owned.part],
        )
        rows = _without_stale_reviews(rows).drop("changes")
        again = pl.when(pl.col("op").cast(pl.String) == "retract").then(pl.lit("retract"))
        return rows.with_columns(op=again.otherwise(pl.lit("revise"))) if rows.height else None

    def _keep(self, db: Duck, sql: str) -> None:
        if self._stage.on_disk:
            path = self._stage.path("decided.parquet")
            db.execute(f"copy ({sql} order by \"row\") to '{quoted(path)}' (format parquet)")
            self._decided = path
        else:
            self._decided = frame(db, sql)

    def _open_held(self, db: Duck) -> None:
        if self._files:
            db.execute(_HELD.format(files=files_sql(self._files) + " b"), [self._owned.part])
        else:
            db.execute(
                "create temp table held (key_hi ubigint, key_lo ubigint, version usmallint, op varchar, "
                "content ubigint, available_at timestamptz)"
            )
        db.execute(_NEWEST)

    def _of(self, rows: pl.DataFrame) -> pl.DataFrame:
        if isinstance(self._decided, pl.DataFrame):
            return self._decided
        if self._decided is None:
            raise ValueError("nothing was decided")
        low, high = rows["row"].min(), rows["row"].max()
        return pl.scan_parquet(self._decided).filter(pl.col("row").is_between(low, high)).collect()


def _without_stale_reviews(rows: pl.DataFrame) -> pl.DataFrame:
    """Leave out a person's decision on a state that is no longer the one before it.

    It spoke of the knife mark only; written once more it would undo all that the late row says.
    """
    if "knife_why" not in rows.columns:
        return rows
    reviewed = pl.col("knife_why").cast(pl.String).str.starts_with(REVIEWED).fill_null(False)
    return rows.filter(~(reviewed & pl.col("changes")))
