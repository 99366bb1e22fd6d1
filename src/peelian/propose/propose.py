"""Put the parts together: read a sample, say what it seems to be."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import polars as pl

from peelian.domain.errors import Refused
from peelian.guard.barred import barred_feed
from peelian.guard.mask import masked
from peelian.propose.choose import Chosen, choose, scored
from peelian.propose.coded import codes_of, values_of
from peelian.propose.column import FIELDS, Column, columns_of, in_feed
from peelian.propose.confidence import Floats, probabilities
from peelian.propose.kind import kinds
from peelian.propose.offences import Read
from peelian.propose.people import findings, may_be
from peelian.propose.proposal import Line, Proposal
from peelian.propose.sample import Sample, read_sample
from peelian.propose.timing import format_line, granularity, moment, zone_line
from peelian.propose.unsaid import constants_of
from peelian.propose.when import number_of
from peelian.propose.where import Place, place_of

_LEAST: Final = 3  # rows


def propose(path: Path) -> Proposal:
    """Propose a mapping for one file from its first 3,000 rows. Nothing is stored or ingested.

    Raises:
        Misuse: no such file.
        Refused: no table, too few rows, or of a kind that is never taken.
    """
    sample = read_sample(path)
    if sample.frame.height < _LEAST:
        raise Refused(
            f"{path.name} has too few rows to say what they are", expected=f"{_LEAST} rows or more",
            do="give a longer extract",
        )  # fmt: skip
    barred = barred_feed(sample.frame.columns, sample.frame) if sample.named else None
    if barred is not None and not barred.countable:
        raise Refused(f"{path.name} looks like {barred.title}, which is never taken: {barred.reason}")
    columns = columns_of(sample)
    people = findings(columns)
    found = choose(columns, _chances(sample, columns, people))
    ranked = kinds(columns, sample.stem, found.columns)
    feed, sure = ranked[0]
    like = "police_crime" if feed == "police_uk" else feed
    columns = in_feed(columns, like)
    chances = _chances(sample, columns, people, scored(like))
    if feed != "emergency_department":  # there a patient arrives; elsewhere a crew does, which is no report
        _deny(chances, columns, "available_at", "arrived")
    chosen = choose(columns, chances, like)
    return _proposal(sample, columns, chosen, people, (feed, sure, ranked[1][0]))


def _chances(
    sample: Sample,
    columns: list[Column],
    people: dict[str, tuple[str, bool]],
    fields: frozenset[str] | None = None,
) -> Floats:
    """Give the chances of each pair; none for what is about people, unless it may be read so."""
    chances = probabilities(columns, fields, named=sample.named)
    for c, column in enumerate(columns):
        if column.name in people:
            for f, field in enumerate(FIELDS):
                if not may_be(field, column, people[column.name][0]):
                    chances[f, c] = 0.0
    return chances


def _deny(chances: Floats, columns: list[Column], field: str, word: str) -> None:
    """Rule out, in place, a field for the columns whose names hold a word."""
    for c, column in enumerate(columns):
        if word in column.words:
            chances[FIELDS.index(field), c] = 0.0


def _proposal(
    sample: Sample, columns: list[Column], chosen: Chosen, people: dict[str, tuple[str, bool]],
    kind: tuple[str, float, str],
) -> Proposal:  # fmt: skip
    feed, sure, next_best = kind
    named, place = _named(chosen, feed)
    codes = codes_of(chosen.columns, feed)
    facts = [Line("feed", feed, sure, remark=f"else {next_best}" if sure < 0.9 else "")]
    time_format, zone, grain = None, "Europe/London", None
    if "when" in chosen.columns:
        line, time_format = format_line(chosen.columns)
        facts += [line, zone_line(chosen.columns, place)]
        zone, grain = facts[-1].theirs, granularity(chosen.columns)
    if place is not None:
        facts.append(Line("crs", place.crs or "EPSG:4326", place.confidence, remark=place.remark))
    mapped = {line.theirs for line in named}
    discard = tuple(
        Line("discard", name, 0.97 if by_name else 0.9, _examples(columns, name), what)
        for name, (what, by_name) in people.items() if name not in mapped
    )  # fmt: skip
    dropped = {line.theirs for line in discard}
    return Proposal(
        file=sample.stem + sample.suffix, feed=feed, columns=tuple(named), facts=tuple(facts),
        discard=discard,
        codes=tuple(_capped(codes)), values=values_of(chosen.columns),
        constants=tuple(constants_of(feed, chosen.columns, codes)),
        to_do=tuple(_to_do(sample)),
        unused=tuple(c.name for c in columns if c.name not in mapped | dropped),
        time_format=time_format, zone=zone, granularity=grain,
        crs=place.crs if place else None, project_to=place.project_to if place else None,
        separator=sample.separator if sample.form == "csv" else ",", rows=sample.frame.height,
    )  # fmt: skip


def _named(chosen: Chosen, feed: str) -> tuple[list[Line], Place | None]:
    """Give the lines of the columns under our own names, coordinates the right way round."""
    columns, sure = dict(chosen.columns), dict(chosen.confidence)
    place = None
    for x, y, degrees in (("easting", "northing", False), ("longitude", "latitude", True)):
        if x in columns and y in columns:
            place = place_of(columns[x], columns[y], degrees)
            if place.swapped and not degrees:
                columns[x], columns[y] = columns[y], columns[x]
            if place.swapped:
                sure[x], sure[y] = min(sure[x], 0.78), min(sure[y], 0.78)
    names = {"when": moment(columns) if "when" in columns else "when"}
    if "location_text" in columns and place is not None and _published(columns["location_text"]):
        names["location_text"] = "location"
    order = {field: k for k, field in enumerate(FIELDS)}
    lines = [
        Line(names.get(field, field), column.name, sure[field], _shown(column))
        for field, column in sorted(columns.items(), key=lambda item: order[item[0]])
    ]
    return lines, place


def _published(column: Column) -> bool:
    return number_of(column.values.str.starts_with("On or near").mean()) > 0.4


def _shown(column: Column) -> tuple[str, ...]:
    return tuple(masked(value) for value in column.distinct[:2])


def _examples(columns: list[Column], name: str) -> tuple[str, ...]:
    return next(_shown(column) for column in columns if column.name == name)


def _capped(codes: list[Read]) -> list[Read]:
    return [code for code in codes if len(code.code) <= 120]


def _to_do(sample: Sample) -> list[str]:
    """What stands between the file and ingest, whatever the mapping says."""
    steps = []
    if not sample.named:
        names = sample.separator.join(sample.frame.columns)
        steps.append(f"the file has no line of column names: put this line above its first row: {names}")
    if sample.above and sample.form == "csv":
        steps.append(f"delete the {sample.above} line(s) above the column names")
    if sample.form == "csv" and sample.encoding not in ("utf-8", "utf-8-sig"):
        steps.append(f"save the file as CSV UTF-8 (it is {sample.encoding})")
    if any(isinstance(dtype, pl.List | pl.Struct | pl.Array) for dtype in sample.dtypes.values()):
        steps.append("write lists and structures as text, or leave those columns out")
    return steps
