"""What a decision is about: it must be here."""

from __future__ import annotations

from sqlalchemy import Connection, select

from peelian.domain.decision import AboutKind, Decision
from peelian.domain.errors import NotFound
from peelian.store.interventions import get_entry
from peelian.store.owning import Owned
from peelian.store.plans import get_plan
from peelian.store.problems import get_problem
from peelian.store.tables import run
from peelian.store.warning_records import get_warning


def of_subject(conn: Connection, about_kind: AboutKind, about: str, problem: int | None = None) -> Owned:
    """Give force and area of what a decision is about; its problem, where it names one, must be here too.

    Raises:
        NotFound: there is no such thing.
    """
    if problem is not None:
        get_problem(conn, problem)
    if about_kind == "run":
        row = conn.execute(select(run.c.force, run.c.area).where(run.c.id == about)).one_or_none()
        if row is None:
            raise NotFound("there is no such run here", expected="an id of a forecast that is held")
        return Owned(str(row.force), str(row.area))
    if about_kind == "warning":
        warned = get_warning(conn, about)
        return Owned(warned.force, warned.area)
    if about_kind == "plan":
        planned = get_plan(conn, about)
        return Owned(planned.force, planned.area)
    if about_kind == "intervention":
        entered = get_entry(conn, about)
        return Owned(entered.force, entered.entry.area)
    if not about.isdecimal() or len(about) > 9:
        raise NotFound("there is no such problem here", expected="a number that `peelian problem list` shows")
    held = get_problem(conn, int(about))
    return Owned(held.force, held.problem.area)


def subject_kind(conn: Connection, about_kind: AboutKind, about: str) -> str:
    """Give the kind of the intervention a decision is about; nothing else has one."""
    return get_entry(conn, about).entry.kind if about_kind == "intervention" else ""


def joins_warnings(conn: Connection, taken: Decision) -> bool:
    """Say whether the problem a decision is about, or within, came from warnings: then it cites them."""
    ids = [taken.problem] if taken.problem is not None else []
    if taken.about_kind == "problem":
        ids.append(int(taken.about))
    if taken.about_kind == "intervention" and (within := get_entry(conn, taken.about).problem) is not None:
        ids.append(within)
    return any(get_problem(conn, one).problem.warnings for one in ids)
