"""Up to which day each source's files reach: what `coverage` says of it, asked so that it costs little."""

from __future__ import annotations

from datetime import date

from sqlalchemy import func, or_, select

from peelian.store.agreements import closed_agreements
from peelian.store.catalogue import reading
from peelian.store.tables import delivery
from peelian.store.workspace import Workspace


def newest_days(ws: Workspace, *, purpose: str | None = None) -> dict[str, date]:
    """Give for each source the end (exclusive) of the newest days held of it; outcomes do not count.

    A live feed adds a delivery with each taking, some a second: they are counted where they lie.
    """
    c = delivery.c
    with reading(ws) as conn:
        held = (
            c.records == "events", c.start.is_not(None), c.kind != "outcomes",
            c.agreement.not_in(closed_agreements(conn, purpose)),
        )  # fmt: skip
        parts = (c.source, c.force, c.kind, c.crs, c.part)
        editions = select(func.max(c.id)).where(*held, c.part != "").group_by(*parts)  # the newest of a part
        stands = or_(c.part.is_(None), c.part == "", c.id.in_(editions))
        told = or_(c.available_at.is_not(None), c.end > c.start)
        query = select(c.source, func.max(c.end)).where(*held, stands, told).group_by(c.source)
        return {str(source): end for source, end in conn.execute(query.order_by(c.source))}
