"""Reading the catalogue: the kinds that ship with Peelian, and a partnership's own, which replace or add."""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import asdict, fields
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

from peelian.domain.errors import Misuse, NotFound
from peelian.domain.intervention import Evidence, InterventionKind
from peelian.guard.unreadable import NO_TOML
from peelian.plan.catalogue.check import faults

_MOST_KINDS: Final = 200
_TUPLES: Final = ("fits_settings", "fits_targets", "fits_hours", "fits_pattern")


@lru_cache(maxsize=1)
def shipped() -> tuple[InterventionKind, ...]:
    """Give the kinds that ship with Peelian, ordered by id."""
    folder = files("peelian.plan.catalogue") / "kinds"
    texts = [one.read_text("utf-8") for one in folder.iterdir() if one.name.endswith(".toml")]
    return tuple(sorted((kind for text in texts for kind in read_kinds(text)), key=lambda kind: kind.id))


def read_kinds(text: str) -> tuple[InterventionKind, ...]:
    """Read one kind from TOML, or several under [[kind]].

    Raises:
        Misuse: no TOML, or a kind that does not hold to the catalogue's rules; all faults at once.
    """
    try:
        body = tomllib.loads(text)
    except NO_TOML:
        raise _wrong("the file is not TOML") from None
    tables = body["kind"] if isinstance(body.get("kind"), list) else [body]
    if not 1 <= len(tables) <= _MOST_KINDS:
        raise _wrong(f"the file has no kinds, or more than {_MOST_KINDS}")
    return checked(_kind(table, k) for k, table in enumerate(tables, 1))


def checked(kinds: Iterable[InterventionKind]) -> tuple[InterventionKind, ...]:
    """Give kinds that hold to the rules, each id once.

    Raises:
        Misuse: some do not; says which, by their order, and why.
    """
    kept = tuple(kinds)
    found = [f"kind {k}: {what}" for k, kind in enumerate(kept, 1) for what in faults(kind)]
    if len({kind.id for kind in kept}) < len(kept):
        found.append("an id is there twice")
    if found:
        more = f"; and {len(found) - 6} more" if len(found) > 6 else ""
        raise _wrong("; ".join(found[:6]) + more)
    return kept


def combined(
    base: Sequence[InterventionKind], own: Sequence[InterventionKind]
) -> tuple[InterventionKind, ...]:
    """Give a catalogue in which a partnership's own kinds replace those of the same id, or are added."""
    return tuple(sorted(({one.id: one for one in (*base, *own)}).values(), key=lambda kind: kind.id))


def own_file(home: Path) -> Path:
    """Name the file of a workspace that keeps a partnership's own kinds."""
    return home / "settings" / "interventions.json"


def held(home: Path) -> tuple[InterventionKind, ...]:
    """Give the catalogue in force in a workspace: shipped kinds, with its own replacing or added."""
    path = own_file(home)
    if not path.is_file():
        return shipped()
    return combined(
        shipped(), checked(_kind(one, k) for k, one in enumerate(json.loads(path.read_text()), 1))
    )


def kind_named(name: str, kinds: Sequence[InterventionKind] | None = None) -> InterventionKind:
    """Give one kind by its id; hyphens may stand for spaces.

    Raises:
        NotFound: no such kind.
    """
    wanted = " ".join(name.lower().replace("-", " ").replace("_", " ").split())
    for kind in shipped() if kinds is None else kinds:
        if kind.id == wanted:
            return kind
    raise NotFound("there is no such kind of intervention", do="see them with: peelian interventions list")


def digest(kinds: Sequence[InterventionKind]) -> str:
    """Give a fingerprint of a catalogue, so that a plan can say which one it used."""
    body = json.dumps([asdict(kind) for kind in kinds], sort_keys=True)
    return hashlib.sha256(body.encode()).hexdigest()[:16]


def _kind(table: Any, k: int) -> InterventionKind:
    if not isinstance(table, dict):
        raise _wrong(f"kind {k} is no table")
    entries = table.get("evidence", [])
    if not isinstance(entries, list):
        raise _wrong(f"kind {k}: evidence is no list of tables")
    proof = tuple(
        Evidence(**_fields(Evidence, one, f"kind {k}: evidence {j}")) for j, one in enumerate(entries, 1)
    )
    return InterventionKind(**_fields(InterventionKind, {**table, "evidence": proof}, f"kind {k}"))


def _fields(cls: type[Evidence] | type[InterventionKind], table: Any, where: str) -> dict[str, Any]:
    names = [one.name for one in fields(cls)]
    if not isinstance(table, dict) or set(table) != set(names):
        raise _wrong(f"{where} must have just the fields {', '.join(names)}")
    out = dict(table)
    for name in names:
        want: type = {"year": int, "plannable": bool, "prevention": bool, "evidence": tuple}.get(name, str)
        if name in _TUPLES:
            if not isinstance(out[name], list) or not all(isinstance(one, str) for one in out[name]):
                raise _wrong(f"{where}: {name} is no list of words")
            out[name] = tuple(out[name])
        elif type(out[name]) is not want:
            raise _wrong(f"{where}: {name} is no {want.__name__}")
    return out


def _wrong(what: str) -> Misuse:
    return Misuse(
        what,
        expected="a TOML file of one kind, or of several under [[kind]], as in docs/interventions.md: each "
        "figure with source, year, where and the sentence it was read in, else unknown",
        do="correct the file and import it again: peelian context import interventions FILE.toml",
    )
