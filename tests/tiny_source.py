"""A real source of few rows: JSON files of our own layout, so that tests say exactly what arrives."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl

from peelian.domain.contracts import Edition, ParsedBatch, RawFile, SourceSpec
from peelian.domain.digest import digest_content, digest_strings
from peelian.domain.errors import Refused
from peelian.domain.event import PARSED_SCHEMA

SPEC = SourceSpec("tiny", "A tiny source", "the tests", "none", "never", (), open_data=True)
FIRST = datetime(2022, 1, 10, tzinfo=UTC)


def row(
    id_: str | None,
    words: str = "a",
    *,
    day: int = 0,
    at: int | None = None,
    group: str = "violence",
    gone: bool = False,
    nominal: bool = False,
) -> dict[str, Any]:
    """Give a row: id or None, what a revision may change, days after `FIRST` it occurred and was known."""
    return {
        "id": id_, "words": words, "day": day, "at": day + 1 if at is None else at, "group": group,
    } | ({"gone": True} if gone else {}) | ({"nominal": True} if nominal else {})  # fmt: skip


def write(
    path: Path,
    rows: list[dict[str, Any]],
    *,
    edition: tuple[str, str] | None = None,
    force: str = "here",
    rejects: int = 0,
    batch: int = 1000,
    covers: dict[str, str] | None = None,
) -> Path:
    """Write a file; `edition` is (part, edition); `rejects` bad rows follow the good ones."""
    body = {"rows": rows, "edition": edition, "force": force, "rejects": rejects, "batch": batch}
    path.write_text(json.dumps(body | ({"covers": covers} if covers else {})))
    return path


class Tiny:
    """The plug."""

    SPEC = SPEC

    def land(self, paths: list[Path], landing: Path, options: dict[str, Any]) -> Iterator[RawFile]:
        for path in paths:
            raw = path.read_bytes()
            facts = {"covers": json.loads(raw).get("covers")} if raw.startswith(b"{") else {}
            yield RawFile(path.name, path, "table", hashlib.sha256(raw).hexdigest(), facts)

    def parse(self, raw: RawFile, options: dict[str, Any]) -> Iterator[ParsedBatch]:
        try:
            body = json.loads(raw.path.read_text())
        except ValueError:
            raise Refused(f"{raw.name} is no JSON") from None
        edition = Edition(body["force"], *body["edition"]) if body["edition"] else None
        rows, size = body["rows"], body["batch"]
        for start in range(0, max(len(rows), 1), size):
            some = rows[start : start + size]
            last = start + size >= len(rows)
            bad = list(range(len(rows) + 1, len(rows) + 1 + (body["rejects"] if last else 0)))
            rejects = pl.DataFrame(
                {"row": bad, "reason": ["it is bad; mend it"] * len(bad)},
                schema={"row": pl.UInt64, "reason": pl.String},
            )
            frame = _frame(some, start + 1)
            yield ParsedBatch(
                "events", frame, rejects, len(some) + len(bad), body["force"], "EPSG:27700", edition
            )


def _frame(rows: list[dict[str, Any]], first: int) -> pl.DataFrame:
    # Without an id the whole content is the key; with one, the id alone.
    ids = pl.Series([one["id"] if one["id"] is not None else None for one in rows], dtype=pl.String)
    text = pl.Series([f"{one['words']}|{one['day']}" for one in rows], dtype=pl.String)
    anonymous = pl.Series(
        [None if one["id"] is not None else t for one, t in zip(rows, text, strict=True)], dtype=pl.String
    )
    hi, lo = digest_strings([ids, anonymous], "tiny")
    starts = [FIRST + timedelta(days=one["day"]) for one in rows]
    unknown = dict.fromkeys(("knife", "setting", "domestic", "sexual", "discovered_by"), "unknown")
    values = {
        "key_hi": hi, "key_lo": lo, "content": digest_content([text], "tiny"),
        "offence": [r["words"] for r in rows], "group": [r["group"] for r in rows], "start": starts,
        "end": [s + timedelta(hours=1) for s in starts], "easting": [float(r["day"]) for r in rows],
        "available_at": [FIRST + timedelta(days=r["at"]) for r in rows],
    }  # fmt: skip
    same = unknown | {"n": 1, "northing": 0.0, "precision_m": 1.0, "scope": "target"}
    columns = {name: values.get(name, [same.get(name)] * len(rows)) for name in PARSED_SCHEMA}
    frame = pl.DataFrame(columns, schema=PARSED_SCHEMA)
    return frame.with_columns(
        row=pl.Series(range(first, first + len(rows)), dtype=pl.UInt64), has_id=ids.is_not_null(),
        retracted=pl.Series([bool(r.get("gone")) for r in rows], dtype=pl.Boolean),
        nominal=pl.Series([bool(r.get("nominal")) for r in rows], dtype=pl.Boolean),
    )  # fmt: skip
