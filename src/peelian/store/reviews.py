"""The knife review: rows queued at ingest, what people decided of them, and how many rows each stands for.

No text of a row is here: a key, the file's hash and row number, the band, and the classifier's own words.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, Literal

import polars as pl
from sqlalchemy import Connection, Row, and_, exists, func, insert, select, update

from peelian.domain.errors import NotFound
from peelian.store.catalogue import now, reading
from peelian.store.tables import knife_review
from peelian.store.workspace import Workspace

Decision = Literal["yes", "no", "unsure"]
DECISIONS: Final[tuple[Decision, ...]] = ("yes", "no", "unsure")
_AT_ONCE: Final = 5_000


def queue_reviews(
    conn: Connection, rows: pl.DataFrame, *, source: str, controller: str, force: str, sha256: str
) -> None:
    """Queue rows [key: 32 hex digits, row, band, why, weight] of a file, in the transaction taking it."""
    same = {"source": source, "controller": controller, "force": force, "sha256": sha256, "queued": now()}
    for start in range(0, rows.height, _AT_ONCE):
        some = rows.slice(start, _AT_ONCE).select("key", "row", "band", "why", "weight").to_dicts()
        conn.execute(insert(knife_review), [same | one for one in some])


def _newest() -> Any:
    """Only the newest queueing of a key counts: an older one spoke of an older version."""
    c = knife_review.c
    last = select(func.max(c.id)).group_by(c.source, c.force, c.key)
    return c.id.in_(last)


def waiting(ws: Workspace, *, source: str | None = None, last: int = 50) -> Sequence[Row[Any]]:
    """List what waits: of each band alike, in the order of the key's digest, which is as good as chance.

    So whoever decides from the top down decides a random sample of each band.
    """
    c = knife_review.c
    place = func.row_number().over(partition_by=(c.source, c.force, c.band), order_by=(c.key, c.id))
    ranked = select(knife_review, place.label("place")).where(c.decision.is_(None), _newest())
    if source is not None:
        ranked = ranked.where(c.source == source)
    sub = ranked.subquery()
    query = select(sub).order_by(sub.c.place, sub.c.source, sub.c.band, sub.c.id).limit(last)
    with reading(ws) as conn:
        return conn.execute(query).all()


def find_review(conn: Connection, review: int) -> Row[Any]:
    """Give one queued row by its number.

    Raises:
        NotFound: there is none.
    """
    found = conn.execute(select(knife_review).where(knife_review.c.id == review)).one_or_none()
    if found is None:
        raise NotFound(
            f"there is no row {review} in the knife review",
            expected="a number that `peelian review knife list` shows",
        )
    return found


def set_decision(conn: Connection, review: int, decision: Decision, reviewer: str) -> None:
    """Keep what a person decided. A later decision on the same row takes the earlier one's place."""
    c = knife_review.c
    conn.execute(
        update(knife_review).where(c.id == review)
        .values(decision=decision, reviewer=reviewer[:120], decided=now())
    )  # fmt: skip


def counted(ws: Workspace) -> pl.DataFrame:
    """Give [source, force, band, weight, decision] of every row ever queued, the newest of each key."""
    c = knife_review.c
    query = select(c.source, c.force, c.band, c.weight, c.decision).where(_newest()).order_by(c.id)
    schema = {
        "source": pl.String, "force": pl.String, "band": pl.String, "weight": pl.Float64,
        "decision": pl.String,
    }  # fmt: skip
    with reading(ws) as conn:
        return pl.DataFrame([tuple(row) for row in conn.execute(query)], schema=schema, orient="row")


def decided_marks(conn: Connection, *, source: str, force: str) -> pl.DataFrame:
    """Give [key, band, why, decision, decided] of rows decided yes or no."""
    c = knife_review.c
    # Asked at every taking, where few of many were decided: a look at the key's index for each of those few.
    later = knife_review.alias("later")
    same = and_(later.c.key == c.key, later.c.source == c.source, later.c.force == c.force)
    newer = exists(select(later.c.id).where(same, later.c.id > c.id))
    query = select(c.key, c.band, c.why, c.decision, c.decided).where(
        and_(c.source == source, c.force == force, c.decision.in_(("yes", "no")), ~newer)
    )
    schema: dict[str, Any] = dict.fromkeys(("key", "band", "why", "decision"), pl.String)
    schema["decided"] = pl.Datetime("us", "UTC")
    return pl.DataFrame([tuple(row) for row in conn.execute(query)], schema=schema, orient="row")
