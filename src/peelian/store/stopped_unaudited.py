"""Areas registered as in use without a fairness audit of the last 180 days: stopped like others."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from sqlalchemy import Connection, func, select

from peelian.domain.fairness_standing import KINDS, LAPSED_DAYS, LIVE, Standing, standing
from peelian.store.tables import run
from peelian.store.trust_tables import deployment, fairness_audit

EVERY: Final = "*"


def unaudited(conn: Connection) -> tuple[dict[str, str], str, frozenset[str]]:
    """Give why areas are stopped for want of an audit: by area, why all others are, and which are spared.

    An area is stopped where its newest row in the register is approved or conditional and the newest audit
    of it by every kind of lookup is over 180 days old, or there is none. A row for every area stops those
    without a row of their own. A fictional place is never stopped: nothing rests on it.
    """
    c = deployment.c
    registered = {row.area: row.status for row in conn.execute(select(c.area, c.status).order_by(c.id))}
    live = {area for area, status in registered.items() if status in LIVE}
    if not live:
        return {}, "", frozenset()
    a = fairness_audit.c
    found = select(a.area, func.max(a.made)).where(a.whole).group_by(a.area)
    at = datetime.now(UTC)
    how = {area: standing(made, KINDS, at, lookups=True) for area, made in conn.execute(found)}
    none = standing(None, (), at, lookups=None)
    fictional = _fictional(conn)
    areas = {
        area: _why(how.get(area, none))
        for area in (live | (set(how) - set(registered) if EVERY in live else set())) - fictional - {EVERY}
        if how.get(area, none).stops("approved", False)
    }
    if EVERY not in live:
        return areas, "", frozenset()
    fresh = {area for area, one in how.items() if not one.stops("approved", False)}
    return areas, _why(none), frozenset(fresh | fictional | set(registered) - live)


def _fictional(conn: Connection) -> set[str]:
    told = run.c.card["area"]["simulated"].as_boolean()
    return set(conn.execute(select(run.c.area).where(told.is_(True)).distinct()).scalars())


def _why(one: Standing) -> str:
    if one.days is None:
        return "this deployment is in use and has no fairness audit by deprivation, ethnicity and rurality"
    return f"this deployment is in use and its fairness audit is {one.days} days old, over {LAPSED_DAYS}"
