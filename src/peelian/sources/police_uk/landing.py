"""Find the street and outcomes files of a download, in the order of their editions."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import Any

from peelian.domain.contracts import RawFile
from peelian.domain.errors import Refused
from peelian.sources.archive import extract, open_archive, sha256_of
from peelian.sources.csv.header import read_header
from peelian.sources.notices import notice
from peelian.sources.police_uk.layout import FILE_NAME, SEARCH_COLUMNS
from peelian.sources.police_uk.month import month_interval


@dataclass(frozen=True)
class _Found:
    name: str  # as the user knows it, inside its archive or folder
    kind: str
    month: str  # empty when the name does not say
    force: str
    path: Path | None = None
    member: zipfile.ZipInfo | None = None


def land(paths: list[Path], landing: Path, options: dict[str, Any]) -> Iterator[RawFile]:
    """Give each street and outcomes file: zips and folders by the edition they make, then by month.

    A member of a zip is a file only until the next is asked for.

    Single CSV files given together are one delivery. Stop-and-search files are left out, with a notice.

    Raises:
        Refused: for a hostile or damaged zip, or when nothing here is a street or outcomes file.
    """
    zips = [p for p in paths if p.is_file() and _is_zip(p)]
    for folder in (p for p in paths if p.is_dir()):
        zips += sorted(p for p in folder.rglob("*.zip") if p.is_file())
    loose = [list(_in_folder(p)) for p in paths if p.is_dir()]
    loose.append([_single(p) for p in paths if p.is_file() and not _is_zip(p)])
    deliveries: list[tuple[str, int, Path | None, list[_Found]]] = []
    for path in zips:
        with open_archive(path) as archive:
            found = list(_in_archive(archive))
        deliveries.append((_newest(found), len(deliveries), path, found))
    for found in loose:
        deliveries.append((_newest(found), len(deliveries), None, found))
    deliveries = [d for d in deliveries if d[3]]
    _refuse_nothing(paths, deliveries, options)
    for newest, _, archive_path, found in sorted(deliveries, key=lambda d: d[:2]):
        wanted = sorted((f for f in found if f.kind != "stop-and-search"), key=lambda f: (f.month, f.name))
        if archive_path is None:
            yield from (_raw(f, f.path, sha256_of(f.path), newest, options) for f in wanted if f.path)
            continue
        with open_archive(archive_path) as archive:
            for f in wanted:
                assert f.member is not None
                with extract(archive, f.member, landing) as (path, sha256):
                    yield _raw(f, path, sha256, newest, options)


def _is_zip(path: Path) -> bool:
    with path.open("rb") as file:
        return path.suffix.lower() == ".zip" or file.read(4) in (b"PK\x03\x04", b"PK\x05\x06")


def _by_name(name: str) -> _Found | None:
    match = FILE_NAME.match(PurePosixPath(name).name)
    return _Found(name, match[3], match[1], match[2]) if match else None


def _in_archive(archive: zipfile.ZipFile) -> Iterator[_Found]:
    for info in archive.infolist():
        found = _by_name(info.filename)
        if found and not info.is_dir():
            yield _Found(found.name, found.kind, found.month, found.force, member=info)


def _in_folder(folder: Path) -> Iterator[_Found]:
    for path in sorted(folder.rglob("*.csv")):
        found = _by_name(path.relative_to(folder).as_posix())
        if found and path.is_file():
            yield _Found(found.name, found.kind, found.month, found.force, path=path)


def _single(path: Path) -> _Found:
    """Judge a single file by its name, else by its columns."""
    found = _by_name(path.name)
    if found:
        return _Found(found.name, found.kind, found.month, found.force, path=path)
    columns = read_header(path, path.name).columns
    if any(c in columns for c in SEARCH_COLUMNS):
        return _Found(path.name, "stop-and-search", "", "", path=path)
    return _Found(path.name, "outcomes" if "Outcome type" in columns else "street", "", "", path=path)


def _newest(found: Iterable[_Found]) -> str:
    return max((f.month for f in found if f.kind != "stop-and-search"), default="")


def _refuse_nothing(
    paths: list[Path], deliveries: list[tuple[str, int, Path | None, list[_Found]]], options: dict[str, Any]
) -> None:
    found = [f for delivery in deliveries for f in delivery[3]]
    searches = sum(f.kind == "stop-and-search" for f in found)
    if searches:
        notice(
            options,
            f"{searches} stop-and-search file{'s were' if searches > 1 else ' was'} left out: stops are what "
            "officers do and hold people's details, so Peelian never takes them",
        )
    if len(found) == searches:
        names = ", ".join(p.name for p in paths)
        raise Refused(
            f"there is no street or outcomes file in {names}",
            expected="files named like 2023-10-bedfordshire-street.csv",
            do="give a data.police.uk download: its zip, its folder or its CSV files",
        )


def _raw(found: _Found, path: Path, sha256: str, newest: str, options: dict[str, Any]) -> RawFile:
    given: datetime | None = options.get("available_at")
    edition = given or (month_interval(newest)[1] if newest else None)
    facts = {
        "month": found.month,
        "force": found.force,
        "edition": edition.astimezone(UTC).isoformat(timespec="seconds") if edition else "",
    }
    return RawFile(found.name, path, found.kind, sha256, facts)
