"""What of a file may be read at all: the door that looks for people before a row is looked at."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import polars as pl

from peelian.domain.errors import Misuse
from peelian.guard import header as by_header
from peelian.guard import values as by_values
from peelian.guard.dates import latest_year
from peelian.guard.finding import Finding
from peelian.guard.refusal import NotTaken
from peelian.guard.spoken import is_of_values, spoken
from peelian.guard.wildcards import refuse_patterns
from peelian.sources.table.kinds import refuse_barred, refuse_barred_values
from peelian.sources.table.mapping import Mapping

_PLACES: Final = frozenset({"address", "free text"})
_SPARED: Final[dict[str, frozenset[str]]] = {
    "location_text": _PLACES, "location": frozenset({"free text"}), "postcode": _PLACES,
    "grid_reference": _PLACES, "uprn": _PLACES, "usrn": _PLACES,
    "narrative": frozenset({"free text"}), "weapon": frozenset({"free text"}),
    "age_band": frozenset({"age"}), "distinct": frozenset({"person reference"}),
    "count": frozenset({"person reference"}), "n": frozenset({"person reference"}),
}  # fmt: skip
"""Kinds that a column may be of for what it is mapped to: read in memory, never stored as they are."""

_SPARED_VALUES: Final = _SPARED | {"location": frozenset[str]()}
TIMES: Final = ("occurred", "date", "start", "end", "available_at")
UNSCANNED: Final = frozenset({"narrative", "time", "hour", *TIMES})
_STORED: Final = frozenset({"location", "offence", "lsoa", "area", "measure", "kind"})
_WHOSE: Final = ("home", "residence", "residential", "cartref")
_HOW: Final = (
    "export it again without them, or have them dropped unread by the mapping, each with the reason, "
    "as in `discard: {THE COLUMN: not needed}`"
)


def admit_header(names: Sequence[str], mapping: Mapping, file: str) -> tuple[str, ...]:
    """Give the columns that must be read: those mapped, and those whose values must be scanned.

    `discard`ed columns are never read. Narrative is read in memory and not scanned for names.

    Raises:
        Misuse: a column is both mapped and to be discarded.
        Refused: a column's name is a pattern.
        NotTaken: a column that by its header is person-shaped or of a barred kind and is not discarded.
    """
    refuse_patterns(names, file)
    used = mapping.columns.used()
    both = sorted(set(used.values()) & set(mapping.discard))
    if both:
        raise Misuse(
            f"the mapping both reads and discards {', '.join(both)}", do="take it out of one of the two"
        )
    kept = tuple(name for name in names if name not in mapping.discard)
    findings = {name: finding for name in kept if (finding := _by_name(name, mapping))}
    refuse_barred(names, kept, frozenset(findings), mapping, file)
    if findings:
        raise _refusal(names, findings, file, 0)
    return kept


def admit_values(frame: pl.DataFrame, mapping: Mapping, file: str) -> None:
    """Look at values of the file's own columns (under its own names), before anything is kept.

    Raises:
        NotTaken: a column holds what is person-shaped; the message names the column, never a value.
    """
    refuse_barred_values(frame, mapping, file)
    ours = roles_of(mapping)
    year = _event_year(frame, mapping)
    findings: dict[str, Finding] = {}
    for column in frame.get_columns():
        roles = ours.get(column.name, frozenset())
        if roles & UNSCANNED:
            continue
        known = known_codes(roles, mapping)  # the mapping names them as codes: ROB is robbery, not Robert
        if known:
            column = column.filter(~column.cast(pl.String).str.strip_chars().is_in(known).fill_null(False))
        found = by_values.person_shaped(
            column, header=column.name, event_year=year, whole=bool(roles & _STORED),
            spare=spared_values(roles),
        )  # fmt: skip
        if found:
            findings[column.name] = found
    if findings:
        raise _refusal(frame.columns, findings, file, frame.height)


def known_codes(roles: frozenset[str], mapping: Mapping) -> list[str]:
    """Give the codes that the mapping names for a column of these roles."""
    codes = mapping.codes if roles & {"offence", "kind"} else {}
    return [*codes, *(code for role in roles for code in mapping.values.get(role, {}))]


def roles_of(mapping: Mapping) -> dict[str, frozenset[str]]:
    """Give, by the file's column, what it is mapped to."""
    ours: dict[str, frozenset[str]] = {}
    for role, name in mapping.columns.used().items():
        ours[name] = ours.get(name, frozenset()) | {role}
    return ours


def spared_values(roles: frozenset[str]) -> frozenset[str]:
    """Give the kinds that values of a column of these roles may be of."""
    return _spared(roles, _SPARED_VALUES)


def _spared(roles: frozenset[str], kinds: dict[str, frozenset[str]]) -> frozenset[str]:
    """Give the kinds that every one of a column's roles spares."""
    several = [kinds.get(role, frozenset[str]()) for role in roles]
    return frozenset.intersection(*several) if several else frozenset()


def _by_name(name: str, mapping: Mapping) -> Finding | None:
    if is_of_values(name):
        return Finding("name", "the column's name is itself about a person", by_name=True)
    finding = by_header.person_shaped(name)
    if finding is None:
        return None
    roles = roles_of(mapping).get(name, frozenset())
    if finding.kind == "name" and mapping.feed == "sites" and not by_header.is_of_person(name):
        return None  # a place's: its values are looked at all the same
    if finding.kind in _spared(roles, _SPARED) and not (
        finding.kind == "address" and by_header.is_of_person(name, _WHOSE)
    ):
        return None
    return finding


def _event_year(frame: pl.DataFrame, mapping: Mapping) -> int | None:
    used = mapping.columns.used()
    years = [latest_year(frame[used[role]]) for role in TIMES if role in used and used[role] in frame]
    return max((year for year in years if year is not None), default=None)


def _refusal(names: Sequence[str], findings: dict[str, Finding], file: str, rows: int) -> NotTaken:
    said = dict(zip(names, spoken(names), strict=True))
    first = next(iter(findings))
    why = [_sentence(said[name], finding) for name, finding in findings.items()]
    more = f"; and {len(why) - 8} more" if len(why) > 8 else ""
    return NotTaken(
        f"{file} is about people in part, so nothing of it was taken: {'; '.join(why[:8])}{more}",
        expected="places, times and kinds of incident, and no column about a person",
        do=_HOW.replace("THE COLUMN", said[first]),
        columns=tuple(said.values()),
        found={said[name]: finding.kind for name, finding in findings.items()},
        rows=rows,
    )


def _sentence(said: str, finding: Finding) -> str:
    return f"the column {said!r} ({'by its name' if finding.by_name else 'by its values'}: {finding.kind})"
