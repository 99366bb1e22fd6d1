"""Finding a download's files: zip, folder or single CSVs, in the order of their editions."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from peelian.domain.errors import Refused

HEADER = (
    b"Crime ID,Month,Reported by,Falls within,Longitude,Latitude,Location,LSOA code,LSOA name,"
    b"Crime type,Last outcome category,Context"
)
Street = Callable[..., bytes]
Write = Callable[..., Path]


def body(street: Street, month: str) -> bytes:
    return HEADER + b"\n" + street(Month=month) + b"\n"


def archive(path: Path, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as z:
        for name, data in members.items():
            z.writestr(name, data)
    return path


def test_zip_folder_and_files_give_the_same_rows(take, street: Street, tmp_path: Path) -> None:
    members = {f"{m}/{m}-fenshire-street.csv": body(street, m) for m in ("2023-04", "2023-05")}
    for name, data in members.items():
        (tmp_path / "folder" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "folder" / name).write_bytes(data)
    ways = (
        take("police_uk", archive(tmp_path / "d.zip", members)),
        take("police_uk", tmp_path / "folder"),
        take("police_uk", *(tmp_path / "folder" / name for name in reversed(members))),
    )
    for taken in ways:
        assert [Path(raw.name).name for raw in taken.raws] == [Path(m).name for m in members]
        assert [b.edition for b in taken.batches] == [b.edition for b in ways[0].batches]
        assert taken.rows.equals(ways[0].rows)
        assert {raw.sha256 for raw in taken.raws} == {raw.sha256 for raw in ways[0].raws}
    # All files of a delivery are dated by its newest month.
    assert {b.edition.edition for b in ways[0].batches} == {"2023-05-31T23:00:00+00:00"}


def test_nothing_raw_stays(take, street: Street, tmp_path: Path) -> None:
    take("police_uk", archive(tmp_path / "d.zip", {"2023-05-fenshire-street.csv": body(street, "2023-05")}))
    assert list((tmp_path / "landing").iterdir()) == []


def test_older_archive_comes_first(take, street: Street, tmp_path: Path) -> None:
    new = archive(
        tmp_path / "a.zip", {f"2023-{m}-fenshire-street.csv": body(street, f"2023-{m}") for m in ("04", "05")}
    )
    old = archive(tmp_path / "b.zip", {"2023-04-fenshire-street.csv": body(street, "2023-04")})
    editions = [(b.edition.part, b.edition.edition[:7]) for b in take("police_uk", new, old).batches]
    assert editions == [("2023-04", "2023-04"), ("2023-04", "2023-05"), ("2023-05", "2023-05")]


def test_stop_and_search_is_left_out_and_said(take, street: Street, tmp_path: Path) -> None:
    members = {
        "2023-05-fenshire-street.csv": body(street, "2023-05"),
        "2023-05-fenshire-stop-and-search.csv": b"Type,Object of search\nPerson search,Drugs\n",
    }
    taken = take("police_uk", archive(tmp_path / "d.zip", members))
    assert [raw.kind for raw in taken.raws] == ["street"]
    assert "stop-and-search" in taken.notices[0]
    alone = tmp_path / "searches.csv"
    alone.write_bytes(members["2023-05-fenshire-stop-and-search.csv"])
    with pytest.raises(Refused, match="no street or outcomes"):
        take("police_uk", alone)


def test_a_renamed_file_is_known_by_its_columns(take, street: Street, write: Write) -> None:
    named = take("police_uk", write(street()))
    renamed = take("police_uk", write(street(), name="download (3).csv"))
    assert renamed.batches[0].edition == named.batches[0].edition
    assert renamed.rows.equals(named.rows)


def test_a_folder_without_crime_files_is_refused(take, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "empty" / "readme.csv").write_text("a,b\n1,2\n")
    with pytest.raises(Refused, match="no street or outcomes file"):
        take("police_uk", tmp_path / "empty")


def test_available_at_dates_the_edition(take, street: Street, write: Write) -> None:
    at = datetime(2023, 9, 1, tzinfo=UTC)
    assert (
        take("police_uk", write(street()), available_at=at)
        .raws[0]
        .options["edition"]
        .startswith("2023-09-01")
    )
