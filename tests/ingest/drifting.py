"""Drifted variants of the sample files: what a partner may change without saying so."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from peelian.sources.table.load import load_mapping, shipped_path
from peelian.sources.table.mapping import Mapping

DATA = Path(__file__).parents[1] / "sources" / "data"
FEEDS = (
    "ambulance", "cdr_2007", "council_asb", "emergency_department", "fire", "known_offending", "patrols",
    "police_crime", "police_incidents", "school_exclusions", "sites", "social_care", "table",
)  # fmt: skip
TIMES = ("occurred", "start", "end", "date", "available_at")
POINTS = (("easting", "northing"),)
PAIRS = (("start", "end"), ("start", "available_at"), ("end", "available_at"), ("occurred", "available_at"),
         ("date", "available_at"), ("count", "distinct"))  # fmt: skip
CODED = ("offence", "kind", "status", "measure", "basis", "age_band")
Rows = list[dict[str, str]]


@dataclass(frozen=True)
class Variant:
    """A changed file. `same`: its rows still say what the clean file's said, if read as they stand."""

    name: str
    data: bytes
    tells: str = ""  # a name that the notice or refusal must say


def sample(feed: str) -> tuple[Path, Path]:
    """Give the sample file and its mapping."""
    if feed == "table":
        return DATA / "table" / "crimes.csv", DATA / "table" / "crimes.yaml"
    return DATA / feed / f"{feed}.csv", shipped_path(feed)


def rows_of(path: Path) -> Rows:
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"))))


def text(rows: Rows, separator: str = ",") -> bytes:
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]), delimiter=separator, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def change(rows: Rows, column: str, how: Callable[[str], str]) -> Rows:
    return [row | {column: how(row[column]) if row[column] else row[column]} for row in rows]


def rename(rows: Rows, names: dict[str, str]) -> Rows:
    return [{names.get(name, name): value for name, value in row.items()} for row in rows]


def variants(feed: str) -> Iterator[Variant]:
    """Give every variant of a feed's sample."""
    path, where = sample(feed)
    mapping, rows = load_mapping(str(where))[0], rows_of(path)
    used = mapping.columns.used()
    yield from _columns(rows, used)
    yield from _times(rows, {ours: used[ours] for ours in TIMES if ours in used}, mapping)
    yield from _numbers(rows, used)
    yield from _codes(rows, {ours: used[ours] for ours in CODED if ours in used})
    yield from _bytes(rows)


def _columns(rows: Rows, used: dict[str, str]) -> Iterator[Variant]:
    for theirs in dict.fromkeys(used.values()):
        yield Variant(f"renamed {theirs}", text(rename(rows, {theirs: f"{theirs} (new)"})), f"{theirs} (new)")
        yield Variant(f"dropped {theirs}", text([{k: v for k, v in r.items() if k != theirs} for r in rows]),
                      theirs)  # fmt: skip
    for one, other in (*POINTS, *PAIRS):
        if one in used and other in used:
            a, b = used[one], used[other]
            yield Variant(f"exchanged {a} and {b}", text(rename(rows, {a: b, b: a})))
    yield Variant("added a column", text([row | {"Beat": "K2"} for row in rows]), "Beat")
    person = [row | {"Date Of Birth": "04/05/1990"} for row in rows]
    yield Variant("added a person", text(person), "Date Of Birth")


def _times(rows: Rows, times: dict[str, str], mapping: Mapping) -> Iterator[Variant]:
    form = mapping.time.format
    forms = (form,) if form else ("%Y-%m-%d %H:%M", "%Y-%m-%d")

    def told(value: str, how: Callable[[datetime, str], str]) -> str:
        for one in forms:
            with suppress(ValueError):
                return how(datetime.strptime(value, one), one)
        return value  # no date: the sample has some

    def all_times(how: Callable[[datetime, str], str]) -> bytes:
        changed = rows
        for theirs in times.values():
            changed = change(changed, theirs, lambda value: told(value, how))
        return text(changed)

    yield Variant("month first", all_times(lambda at, f: at.strftime(
        f.replace("%d/%m", "%m/%d") if "/" in f else f.replace("%Y-%m-%d", "%m/%d/%Y"))))  # fmt: skip
    if not form:
        yield Variant("day first", all_times(lambda at, f: at.strftime(f.replace("%Y-%m-%d", "%d/%m/%Y"))))
        yield Variant("year, day, month", all_times(lambda at, f: at.strftime(f.replace("%m-%d", "%d-%m"))))
    zero = datetime(1899, 12, 30)
    yield Variant("serials", all_times(lambda at, _: f"{(at - zero) / timedelta(days=1):.5f}"))
    yield Variant("zone added", all_times(lambda at, f: at.strftime(f) + "+00:00"))
    yield Variant("iso", all_times(lambda at, f: at.strftime("%Y/%m/%dT%H:%M")))
    yield Variant("a century early", all_times(lambda at, f: at.replace(year=at.year - 100).strftime(f)))
    yield Variant("a century late", all_times(lambda at, f: at.replace(year=at.year + 100).strftime(f)))


def _numbers(rows: Rows, used: dict[str, str]) -> Iterator[Variant]:
    for ours in ("count", "n", "weight"):
        if ours in used:
            for name, how in {"with units": lambda v: v + " no.", "in words": lambda v: "many",
                              "in thousands": lambda v: f"{float(v) / 1000:g}" if v.isdigit() else v,
                              "ten times": lambda v: v + "0" if v.isdigit() else v}.items():  # fmt: skip
                yield Variant(f"{used[ours]} {name}", text(change(rows, used[ours], how)))
    if "easting" not in used:
        return
    e, n = used["easting"], used["northing"]

    def told(value: str, how: Callable[[str], str]) -> str:
        return how(value) if value.replace(".", "").isdigit() else value

    def both(how: Callable[[str], str]) -> bytes:
        return text(change(change(rows, e, lambda v: told(v, how)), n, lambda v: told(v, how)))

    yield Variant("kilometres", both(lambda v: f"{float(v) / 1000:.3f}"))
    yield Variant("centimetres", both(lambda v: f"{float(v) * 100:.0f}"))
    yield Variant("thousands separators", both(lambda v: f"{float(v):,.0f}"))
    yield Variant("decimal comma", both(lambda v: f"{float(v):.0f},0"))
    yield Variant("metres said", both(lambda v: v + " m"))
    degrees = change(change(rows, e, lambda v: "-1.25" + v[-3:]), n, lambda v: "53.1" + v[-3:])
    yield Variant("degrees", text(degrees))


def _codes(rows: Rows, coded: dict[str, str]) -> Iterator[Variant]:
    for theirs in dict.fromkeys(coded.values()):
        yield Variant(f"{theirs} in capitals", text(change(rows, theirs, str.upper)))
        yield Variant(f"{theirs} all new", text(change(rows, theirs, lambda v: "Kind Q" + v[:1])))
        first = next(row[theirs] for row in rows if row[theirs])
        yield Variant(f"{theirs} one misspelt", text(change(
            rows, theirs, partial(_misspelt, first))))  # fmt: skip


def _misspelt(code: str, value: str) -> str:
    return value[:3] + value[2:] if value == code else value


def _bytes(rows: Rows) -> Iterator[Variant]:
    clean = text(rows)
    for label, separator in (("semicolons", ";"), ("tabs", "\t"), ("bars", "|")):
        yield Variant(label, text(rows, separator))
    name = next(iter(rows[0]))
    accented = rename(rows, {name: name + " \u00e9"})
    yield Variant("header in cp1252", text(accented).decode().encode("cp1252"))
    yield Variant("utf-16", clean.decode().encode("utf-16"))
    yield Variant("utf-16 without a mark", clean.decode().encode("utf-16-le"))
    yield Variant("no header", clean.split(b"\n", 1)[1])
    yield Variant("byte-order mark", b"\xef\xbb\xbf" + clean)
