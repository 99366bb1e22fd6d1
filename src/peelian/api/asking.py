"""Who asks what: every route goes through one dependency that asks the policy and writes the audit row."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Final

from starlette.requests import Request

from peelian.api.access import Access
from peelian.api.layers import Layer, layer_named
from peelian.api.level_run import level_run, opens
from peelian.api.register_notice import shows_forecast_of
from peelian.api.run_folder import Run, read_run
from peelian.api.sessions import presence
from peelian.domain.actor import ANONYMOUS, Actor, AuditEntry, Purpose, Verb
from peelian.domain.errors import Forbidden, NotFound, Refused, Unrecognised
from peelian.govern import policy
from peelian.govern.policy import Target
from peelian.store import audit
from peelian.store.deployments import stopped_now
from peelian.store.row_cut import reader_now, shut_too
from peelian.store.runs import RunRow, get_run, latest_run, list_runs, stopped_runs
from peelian.store.stopped import refusal, stopped_too
from peelian.store.workspace import Workspace

_RUN_ID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
_KEEP: Final = 8


class Shelf:
    """Runs and layers read lately, kept in memory (a run never changes)."""

    def __init__(self) -> None:
        self._run = lru_cache(maxsize=_KEEP)(_read)
        self.level = lru_cache(maxsize=_KEEP)(level_run)
        self.layer = lru_cache(maxsize=_KEEP * 4)(_draw)

    def read(self, folder: Path) -> Run:
        """Give a run; read again if its folder was written again.

        Raises:
            NotFound: the folder holds no finished forecast.
        """
        written = folder / "forecast.parquet"
        return self._run(folder, written.stat().st_mtime_ns if written.is_file() else 0)


def _read(folder: Path, _modified: int) -> Run:
    return read_run(folder)


def _draw(run: Run, name: str) -> Layer:
    return layer_named(name)(run)


@dataclass(frozen=True)
class House:
    """What the app holds: the workspace, who uses it and why."""

    ws: Workspace
    actor: Actor
    purpose: Purpose
    shelf: Shelf = field(default_factory=Shelf)
    access: Access | None = None
    """How people sign in; None: one actor on this machine, and nobody else reaches it."""


@dataclass(frozen=True)
class Asked:
    """A request that the policy allowed and the audit trail holds."""

    house: House
    run_id: str | None
    actor: Actor
    purpose: Purpose
    level: str | None = None
    """The view asked for; None leaves it to the route."""

    @property
    def simulated(self) -> bool:
        """Say whether the run asked for (or the newest) is of a fictional place."""
        if self.run_id is None:
            return False
        return bool(get_run(self.ws, self.run_id).card.get("area", {}).get("simulated", False))

    @property
    def ws(self) -> Workspace:
        """Give the workspace."""
        return self.house.ws

    def run(self) -> Run:
        """Give the run asked for (or the newest), by the places of the view asked for.

        Raises:
            NotFound: no such run here, or the run has no such view.
        """
        if self.run_id is None:
            raise NotFound("there is no run here yet", do="try `peelian demo` or `peelian forecast`")
        run = self.house.shelf.read(self.ws.runs / self.run_id)
        shows_forecast_of(self.ws, str(run.card["area"]["code"]), simulated=run.simulated)
        return self.house.shelf.level(run, self.level or "cell")

    def run_as_it_opens(self) -> Run:
        """Give the run in the view asked for, or in the one it opens in.

        Raises:
            NotFound: no such run here, or the run has no such view.
        """
        run = self.run()
        return run if self.level else self.house.shelf.level(run, opens(run))

    def layer(self, run: Run, name: str) -> Layer:
        """Give a layer of a run."""
        return self.house.shelf.layer(run, name)


class SignInFirst(Unrecognised):
    """Nobody has signed in: a page leads to the sign-in, the API answers 401."""


def _find(house: House, wanted: str | None, actor: Actor) -> RunRow | None:
    ws = house.ws
    if wanted is None or wanted == "latest":
        if house.access is None:
            return latest_run(ws)
        within = (row for row in list_runs(ws) if not policy.beyond_scope(actor, target_of(house, row)))
        return next(within, None)
    if not _RUN_ID.fullmatch(wanted):  # an id is a folder's name: nothing that could leave the folder
        return None
    try:
        with stopped_too(), shut_too():  # to answer why it is not served; `_stop` and the policy see to it
            return get_run(ws, wanted)
    except NotFound:
        return None


def who(request: Request) -> tuple[Actor, Purpose]:
    """Give who asks, and why: by the session, or the one actor of a server without sign-in."""
    house: House = request.app.state.house
    return (house.actor, house.purpose) if house.access is None else presence(request).who


def target_of(house: House, row: RunRow) -> Target:
    """Give whose records went into a run; a run that names no force is of the workspace's own."""
    home = house.access.force if house.access else ""
    forces = tuple(row.card.get("forces") or (row.force or home,))
    reader = reader_now()
    return Target(
        tuple(one or home for one in forces), row.area, tuple(row.card.get("agreements") or ()),
        reader.agreements if reader else frozenset(),
    )  # fmt: skip


STILL_OPEN: Final = frozenset({
    "about page", "challenge page", "challenge", "challenges", "challenges page", "transparency",
    "sign-in", "sign-out", "sign-in page", "own account", "account page", "health", "audit", "audit page",
    "help page", "glossary", "api description", "OGC landing page", "OGC conformance", "OGC API definition",
})  # fmt: skip
"""What is answered whatever is stopped: it holds no forecast."""
HISTORY: Final = frozenset({
    "coverage", "data page", "forces", "forces page", "overlap", "register", "register page", "actions page",
    "problems", "problems page", "problem page", "decisions", "decisions page", "designs", "evaluations",
    "evaluation page", "kinds of intervention", "corrections page", "correction request", "jobs", "job",
    "first-run page", "upload page", "files chosen", "upload confirmed", "releases", "releases page",
    "release", "public tables", "live feeds", "basemap", "phone page's worker",
})  # fmt: skip
"""What is left where all is stopped: what was recorded, done and decided. Its queries leave forecasts out."""


def _stop(house: House, what: str, row: RunRow | None, area: str) -> Refused | None:
    """Give the refusal where what is asked for is stopped. Read anew at each request."""
    now = stopped_now(house.ws)
    if what in STILL_OPEN or not now:
        return None
    why = now.of(row.area) if row else ""
    if row is not None and why:
        return refusal(row.area, why)
    if what in HISTORY:
        return None
    if area and now.of(area):
        return refusal(area, now.of(area))
    held = stopped_runs(house.ws) if row is None else []
    return refusal(held[0].area, now.of(held[0].area)) if held and now.of(held[0].area) else None


def asks(verb: Verb, what: str) -> Callable[[Request], Asked]:
    """Make the dependency of a route: policy, look-up of the run, audit row.

    The audit row is committed before anything is given out; a refused request is written down too.
    """

    def asked(request: Request) -> Asked:
        house: House = request.app.state.house
        wanted = request.path_params.get("run", request.query_params.get("run"))
        actor, purpose = who(request)
        row = _find(house, wanted, actor)
        about = (target_of(house, row),) if house.access and row else ()
        decision = policy.decide(actor, purpose, verb, what, *about)
        area = request.path_params.get("area") or request.query_params.get("area") or ""
        stop = _stop(house, what, row, area) if decision.allowed else None
        said = what if decision.allowed and stop is None else f"refused: {what}"
        entry = AuditEntry(verb, said, area=row.area if row else "", window=row.run_id if row else "")
        audit.record(house.ws, actor, purpose, entry)
        if not decision.allowed:
            if actor == ANONYMOUS:
                raise SignInFirst("nobody is signed in here", do="sign in at /sign-in")
            raise Forbidden("this is not allowed for this purpose", expected=decision.reason)
        if stop is not None:
            raise stop
        if row is None and wanted not in (None, "latest"):
            raise NotFound("there is no such run here", do="see the newest one at /")
        return Asked(house, row.run_id if row else None, actor, purpose, request.query_params.get("level"))

    asked.is_policy_gate = True  # type: ignore[attr-defined]
    asked.asks = (verb, what)  # type: ignore[attr-defined]
    return asked
