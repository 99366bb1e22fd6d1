"""Whose live desk someone follows, and whether what it shows lies within their account."""

from __future__ import annotations

from dataclasses import replace

from peelian.api.asking import Asked, target_of
from peelian.api.live_desk import LiveDesk
from peelian.api.live_desks import LiveDesks
from peelian.domain.actor import ANY
from peelian.domain.errors import Forbidden, NotFound, Refused
from peelian.govern import policy
from peelian.live.released import tier_of
from peelian.store.row_cut import shut_too
from peelian.store.runs import get_run

_UNDIVIDED = "what is live on this server is not divided by force"


def desk_for(asked: Asked, live: LiveDesk | LiveDesks | None) -> LiveDesk | None:
    """Give the desk of who asks: of their force where people sign in; None where nothing is live."""
    if isinstance(live, LiveDesks):
        return live.of(asked.actor.force if asked.house.access else ANY)
    return live


def why_beyond(asked: Asked, desk: LiveDesk) -> str:
    """Say in what way what a desk shows now lies beyond who asks; empty where it does not.

    On a server without sign-in nothing does. Tables for partners rest on their own floor and delay, so of
    them force and area are asked and not the agreements behind the run.
    """
    if asked.house.access is None:
        return ""
    served = desk.served
    if served is None:
        return "" if desk.forces is not None or asked.actor.force == ANY else _UNDIVIDED
    try:
        with shut_too():  # cut to the reader's forces and areas; of its agreements the policy says why
            row = get_run(asked.ws, served.layer.run.id)
    except NotFound:
        return "it belongs to another force, or lies outside the areas of this account"
    except Refused as error:  # stopped since the desk came to it
        return error.what
    target = target_of(asked.house, row)
    if tier_of(asked.actor) != "force":
        target = replace(target, agreements=())
    return policy.beyond_scope(asked.actor, target)


def check_scope(asked: Asked, desk: LiveDesk) -> None:
    """Do nothing where who asks may see what the desk shows.

    Raises:
        Forbidden: it is beyond their account; says in what way.
    """
    why = why_beyond(asked, desk)
    if why:
        raise Forbidden("what is live here is not for this account", expected=why, do="see /api/v1/live")
