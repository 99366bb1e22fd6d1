"""What areas are told apart by in a fairness audit. The training role may not read it, on any database."""

from __future__ import annotations

import polars as pl
from sqlalchemy import Connection, delete, func, insert, select

from peelian.store.catalogue import reading
from peelian.store.trust_tables import audit_attribute
from peelian.store.workspace import Workspace

COLUMNS = ("code", "class", "value")


def replace_attributes(conn: Connection, attribute: str, rows: pl.DataFrame) -> int:
    """Keep the rows (code, class, value) of one attribute in place of those held; give how many went."""
    c = audit_attribute.c
    gone = conn.execute(delete(audit_attribute).where(c.attribute == attribute)).rowcount
    body = [{"attribute": attribute, **row} for row in rows.select(COLUMNS).to_dicts()]
    if body:
        conn.execute(insert(audit_attribute), body)
    return int(gone)


def attributes(ws: Workspace) -> dict[str, pl.DataFrame]:
    """Give the lookups held, each (code, class, value), by attribute."""
    c = audit_attribute.c
    query = select(c.attribute, c.code, c["class"], c.value).order_by(c.attribute, c.code)
    with reading(ws) as conn:
        rows = conn.execute(query).all()
    schema = {"attribute": pl.String, "code": pl.String, "class": pl.String, "value": pl.Float64}
    frame = pl.DataFrame([tuple(row) for row in rows], schema=schema, orient="row")
    return {str(key[0]): part.drop("attribute") for key, part in frame.group_by("attribute")}


def attributes_held(ws: Workspace) -> dict[str, int]:
    """Count the areas of each lookup held."""
    c = audit_attribute.c
    query = select(c.attribute, func.count()).group_by(c.attribute).order_by(c.attribute)
    with reading(ws) as conn:
        return {name: int(rows) for name, rows in conn.execute(query)}
