"""Find the tables: CSV, JSON lines, Parquet and spreadsheet files, alone, in a folder or in a zip."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from peelian.domain.contracts import RawFile
from peelian.domain.errors import Misuse, Refused
from peelian.sources.archive import extract, open_archive, sha256_of
from peelian.sources.notices import notice
from peelian.sources.table.load import load_mapping

_SUFFIXES: Final = (".csv", ".tsv", ".txt", ".parquet", ".xlsx", ".xlsm", ".xls", ".ods", ".jsonl", ".ndjson")


def land(paths: list[Path], landing: Path, options: dict[str, Any]) -> Iterator[RawFile]:
    """Give each table, in the order given; a folder's by name.

    Raises:
        Misuse: without a mapping, or with a wrong one.
        Refused: when there is no table, or for a hostile or damaged zip.
    """
    facts = _facts(options)
    found = 0
    for path in paths:
        for one in sorted(path.rglob("*")) if path.is_dir() else [path]:
            if path.is_dir() and (one.suffix.lower() not in (*_SUFFIXES, ".zip") or not one.is_file()):
                continue
            name = one.relative_to(path).as_posix() if path.is_dir() else one.name
            for raw in _land_one(one, name, landing, facts):
                found += 1
                yield raw
    if not found:
        raise Refused(
            "there is no table here", expected="CSV, Parquet or spreadsheet files", do="check the path"
        )


def _land_one(path: Path, name: str, landing: Path, facts: dict[str, Any]) -> Iterator[RawFile]:
    if path.suffix.lower() != ".zip":
        yield RawFile(name, path, "table", sha256_of(path), facts)
        return
    with open_archive(path) as archive:
        for info in archive.infolist():
            if not info.is_dir() and info.filename.lower().endswith(_SUFFIXES):
                with extract(archive, info, landing) as (member, sha256):
                    yield RawFile(info.filename, member, "table", sha256, facts)


def _facts(options: dict[str, Any]) -> dict[str, Any]:
    """Say what the mapping says of every file; its own text is part of a file's identity."""
    if not options.get("mapping"):
        raise Misuse(
            "source table needs --mapping FILE", expected="a YAML file", do="see docs/sources/table.md"
        )
    mapping, sha256 = load_mapping(options["mapping"])
    facts: dict[str, Any] = {
        "mapping_sha256": sha256,
        "mapping_body": mapping.model_dump(mode="json", by_alias=True, exclude_unset=True),
        "force": options.get("force") or mapping.force,
        "groups": sorted(set(mapping.codes.values())),
        "fields": sorted(mapping.columns.used()),
        "licence": mapping.licence,
        "rules": {"mapping_sha256": sha256, "mapping_source": mapping.source},
    }
    if mapping.discard:
        facts["rules"]["discarded"] = dict(mapping.discard)
        why = "; ".join(f"{name} ({reason})" for name, reason in mapping.discard.items())
        notice(options, f"as the mapping says, these columns were dropped unread: {why}")
    if mapping.agreement:
        facts["agreement"] = mapping.agreement
    if mapping.controller:
        facts["controller"] = mapping.controller
    if mapping.covers:
        # `to` is the last day in the mapping file, and the day after it from here on.
        facts["covers"] = {"from": mapping.covers.first, "to": mapping.covers.last + timedelta(days=1)}
    return facts
