"""Facts that records are made of: what the system knows of itself, and what only the organisation knows."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

LIVE: Final = ("approved", "conditional")
"""States of the register under which a deployment is in use."""


@dataclass(frozen=True)
class ModelFacts:
    """One served model: of a target and period, with its gate's verdict in words and its fairness audit's."""

    target: str
    title: str
    every: str
    window: int
    horizon: int
    name: str
    version: str
    verdict: str
    fairness: str
    inputs: str
    learned: str
    code: str
    run: str
    card: str = ""
    """The page of the documentation that says how it works."""

    @property
    def key(self) -> str:
        """Name it among others."""
        return f"{self.target} by {self.every}, {self.window} together"


@dataclass(frozen=True)
class DataFacts:
    """One feed's records of a force: how many, of which days, on what ground, for how long."""

    source: str
    force: str
    scope: str
    rows: int
    first: str
    last: str
    days_missing: int
    agreements: tuple[str, ...]

    @property
    def key(self) -> str:
        """Name it among others."""
        return f"{self.source} of {self.force}"


@dataclass(frozen=True)
class Facts:
    """All facts of an area's use, at one moment. `answers` are the organisation's own, by question."""

    area: str
    area_name: str
    simulated: bool
    version: str
    status: str
    senior_owner: str
    lawful_basis: str
    ethics: str
    models: tuple[ModelFacts, ...]
    data: tuple[DataFacts, ...]
    agreements: Mapping[str, str]
    """What each agreement says, in words, by its id."""
    answers: Mapping[str, str]
    system: Mapping[str, str] = field(default_factory=dict)
    """What holds of every workspace of this version: roles, tiers, refused inputs, notices, audit."""

    @property
    def organisation(self) -> str:
        """Name who answers for it, as far as it was said."""
        return self.answers.get("organisation", "").strip() or "the organisation"

    @property
    def live(self) -> bool:
        """Say whether the register lets it be used."""
        return self.status in LIVE

    def said(self) -> dict[str, str]:
        """Give every fact as one line of text, by what it is of: two moments are compared by these."""
        out = {name: str(getattr(self, name)) for name in _PLAIN}
        for model in self.models:
            shown = ("title", "name", "version", "verdict", "fairness", "inputs", "learned", "code", "run")
            out |= {f"model of {model.key}: {name}": str(getattr(model, name)) for name in shown}
        for one in self.data:
            out[f"data {one.key}: scope"] = one.scope
            out[f"data {one.key}: held"] = f"{one.rows:,} rows, {one.first} to {one.last}"
            out[f"data {one.key}: days missing"] = str(one.days_missing)
            out[f"data {one.key}: agreements"] = ", ".join(one.agreements)
        out |= {f"agreement {id_}": text for id_, text in self.agreements.items()}
        out |= {f"answer {name}": text for name, text in self.answers.items()}
        return out | {f"system {name}": text for name, text in self.system.items()}

    def settled(self) -> dict[str, str]:
        """Give the facts that do not move by themselves: an approval stands as long as they do."""
        return {name: text for name, text in self.said().items() if not name.endswith(_MOVES)}

    @property
    def digest(self) -> str:
        """Give the SHA-256 of every fact: the same facts give the same records."""
        return digest_of(self.said())


_MOVES: Final = (": held", ": days missing", ": run", ": learned", ": verdict", ": fairness", ": inputs")
"""What new data, or a new fit of the same model, changes without anyone deciding so."""
_SHORT: Final = 120
_PLAIN: Final = ("area", "area_name", "version", "status", "senior_owner", "lawful_basis", "ethics")


def digest_of(said: Mapping[str, str]) -> str:
    """Give the SHA-256 of facts as said."""
    return hashlib.sha256(json.dumps(dict(said), sort_keys=True).encode()).hexdigest()


def changes(before: Mapping[str, str], after: Mapping[str, str]) -> list[str]:
    """Name what changed between two moments, one line each.

    >>> changes({"status": "proposed", "a": "1"}, {"status": "approved", "b": "2"})
    ['a: was 1, is no more', 'b: new, 2', 'status: was proposed, is approved']
    """
    found = []
    for name in sorted(before.keys() | after.keys()):
        old, new = before.get(name), after.get(name)
        if old == new:
            continue
        if old is None:
            found.append(f"{name}: new, {_short(new or '')}")
        elif new is None:
            found.append(f"{name}: was {_short(old)}, is no more")
        else:
            found.append(f"{name}: was {_short(old)}, is {_short(new)}")
    return found


def _short(text: str) -> str:
    first = text.split("\n", 1)[0]
    return text if len(text) <= _SHORT else f"{first[:_SHORT]}..."
