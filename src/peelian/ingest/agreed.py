"""Under which sharing agreement a file may come in. Without one it does not."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from peelian.domain.agreement import OPEN_DATA, SIMULATED, Agreement
from peelian.domain.contracts import SourceSpec
from peelian.domain.errors import NotFound, Refused
from peelian.domain.time import LONDON
from peelian.store.agreements import get_agreement, list_agreements, today
from peelian.store.catalogue import Connection

_HOW = "register one with: peelian agreement add FILE.yaml, then name it with --agreement or in the mapping"


def agree(conn: Connection, spec: SourceSpec, options: dict[str, Any]) -> Agreement:
    """Give the agreement that lets a file of this feed in, from its options and the mapping's facts.

    Named by `agreement` (`--agreement`, or the mapping); else the built-in one for open or simulated data;
    else the only registered one that speaks for this feed, force and controller today.

    Raises:
        Refused: there is none, or the one named does not let this file in; says why.
    """
    force = str(options.get("force") or "")
    named = options.get("agreement")
    day = _day(options)
    if named:
        try:
            chosen, of_force = get_agreement(conn, str(named))
        except NotFound as error:
            raise Refused(error.what, expected=error.expected, do=error.do) from None
        _check(chosen, of_force, spec, options, day)
        return chosen
    if force.startswith("simulated"):
        return SIMULATED
    if spec.open_data or _says_licence(spec, options):
        return OPEN_DATA
    fit = [one for one, f in list_agreements(conn) if _fits(one, f, spec, options, day)]
    if len(fit) == 1:
        return fit[0]
    many = f"{len(fit)} agreements would cover it: {', '.join(one.id for one in fit)}"
    raise Refused(
        f"no sharing agreement lets {spec.title} in" if not fit else many,
        expected="one agreement in force for this feed, force and controller",
        do=_HOW,
    )


def _fits(one: Agreement, of_force: str, spec: SourceSpec, options: dict[str, Any], day: date) -> bool:
    try:
        _check(one, of_force, spec, options, day)
    except Refused:
        return False
    return True


def _check(one: Agreement, of_force: str, spec: SourceSpec, options: dict[str, Any], day: date) -> None:
    force = str(options.get("force") or "")
    if one.gateway == "simulated" and not force.startswith("simulated"):
        raise Refused(
            f"the agreement {one.id} is for simulated forces only, and this file is of {force or 'none'}",
            do=_HOW,
        )
    if one is OPEN_DATA and not (spec.open_data or _says_licence(spec, options)):
        raise Refused(
            "open data need the licence they were published under",
            expected="`licence:` in the mapping of a table",
            do="state it, or name the sharing agreement",
        )
    if not one.holds_on(day):
        raise Refused(
            f"the agreement {one.id} is not in force today",
            expected=f"a day from {one.start} to {one.ended or one.expiry}",
            do="renew it with: peelian agreement renew",
        )
    if not one.speaks_for(spec.id):
        raise Refused(
            f"the agreement {one.id} does not cover the feed {spec.id}",
            expected=", ".join(one.feeds),
        )
    if of_force and force and of_force != force:
        raise Refused(f"the agreement {one.id} is with {of_force}, and this file is of {force}")
    controller = str(options.get("controller") or "")
    if one.controller and controller and controller != one.controller:
        raise Refused(
            f"the agreement {one.id} is with another controller than the mapping names",
            expected=one.controller,
            do="correct `controller` in the mapping",
        )
    beyond = sorted(set(options.get("fields") or ()) - set(one.fields)) if one.fields else []
    if beyond:
        raise Refused(
            f"the agreement {one.id} does not let us keep {', '.join(beyond)}",
            expected=", ".join(one.fields),
            do="take them out of the mapping, or amend the agreement",
        )


def _says_licence(spec: SourceSpec, options: dict[str, Any]) -> bool:
    return spec.id in ("table", "sites") and bool(options.get("licence"))


def _day(options: dict[str, Any]) -> date:
    moment = options.get("now")
    return moment.astimezone(LONDON).date() if isinstance(moment, datetime) else today()
