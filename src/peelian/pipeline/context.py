"""What every pipeline entry is given: the workspace, who asks and why."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from peelian.domain.actor import LOCAL_ANALYST, Actor, AuditEntry, Purpose, Verb
from peelian.govern import policy
from peelian.store import audit
from peelian.store.catalogue import Connection, reading, transaction
from peelian.store.stopped import check_running
from peelian.store.workspace import Workspace, open_workspace


@dataclass(frozen=True)
class Context:
    """A workspace opened by someone for a purpose."""

    ws: Workspace
    actor: Actor = LOCAL_ANALYST
    purpose: Purpose = "analysis"
    job: str = ""
    """The kind of job this is the work of: the line of the job lets it do all that the job is made of."""

    def allow(self, verb: Verb, what: str) -> None:
        """Ask the policy before any work; the audit row is written with the work's own rows (`record`).

        Raises:
            Forbidden: when the actor may not do this for this purpose.
        """
        self._check(verb, what)

    def record(self, conn: Connection, verb: Verb, what: str, *, area: str = "", window: str = "") -> None:
        """Write the audit row in the transaction of what it speaks of."""
        audit.append(conn, self.actor, self.purpose, AuditEntry(verb, what, area, window))

    def consult(self, verb: Verb, what: str, *, area: str = "", window: str = "") -> None:
        """Ask the policy and write the audit row before anything is read.

        Raises:
            Forbidden: when the actor may not do this for this purpose.
        """
        self._check(verb, what)
        with transaction(self.ws) as conn:
            audit.append(conn, self.actor, self.purpose, AuditEntry(verb, what, area, window))

    def may_go_on(self, area: str) -> None:
        """Do nothing where forecasts of an area may be made and served.

        Raises:
            Refused: the register or an audit stops it; says why.
        """
        with reading(self.ws) as conn:
            check_running(conn, area)

    def _check(self, verb: Verb, what: str) -> None:
        asked: tuple[Verb, str] = ("alteration", f"job {self.job}") if self.job else (verb, what)
        policy.check(self.actor, self.purpose, *asked)


def open_context(home: Path, database: str | None, purpose: Purpose = "analysis") -> Context:
    """Open (or create) the workspace as the local analyst."""
    return Context(open_workspace(home, database), LOCAL_ANALYST, purpose)
