"""Hostile zips: refused with a sentence, before or while extracting, with flat memory."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from peelian.domain.errors import Refused
from peelian.sources.archive import Limits, extract, open_archive

NAME = "2023-05-fenshire-street.csv"


def zipped(path: Path, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as z:
        for name, data in members.items():
            z.writestr(name, data)
    return path


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("../" + NAME, "outside the archive"),
        ("/etc/" + NAME, "outside the archive"),
        ("a\\..\\" + NAME, "outside the archive"),
        ("C:" + NAME, "outside the archive"),
        ("inner.zip", "archive inside the archive"),
    ],
)
def test_names_that_are_not_to_be_trusted(take, tmp_path: Path, name: str, words: str) -> None:
    with pytest.raises(Refused, match=words):
        take("police_uk", zipped(tmp_path / "d.zip", {NAME: b"x", name: b"y"}))
    assert not list(tmp_path.rglob("*.csv"))


def test_truncated_anywhere_is_refused(take, tmp_path: Path) -> None:
    whole = zipped(tmp_path / "d.zip", {NAME: b"Crime ID,Month\n" * 999}).read_bytes()
    for size in (5, 40, len(whole) // 2, len(whole) - 1):
        cut = tmp_path / "cut.zip"
        cut.write_bytes(whole[:size])
        with pytest.raises(Refused, match="damaged or cut short"):
            take("police_uk", cut)


def test_damaged_member_is_refused_and_leaves_nothing(take, tmp_path: Path) -> None:
    path = zipped(tmp_path / "d.zip", {NAME: bytes(range(256)) * 99})
    data = bytearray(path.read_bytes())
    data[70] ^= 0xFF
    path.write_bytes(data)
    with pytest.raises(Refused, match="damaged or cut short"):
        take("police_uk", path)
    assert not [p for p in (tmp_path / "landing").rglob("*") if p.is_file()]


def test_a_symbolic_link_is_refused(take, tmp_path: Path) -> None:
    path = tmp_path / "d.zip"
    with zipfile.ZipFile(path, "w") as z:
        info = zipfile.ZipInfo(NAME)
        info.external_attr = 0o120777 << 16
        z.writestr(info, "/etc/passwd")
    with pytest.raises(Refused, match="a link"):
        take("police_uk", path)


def test_limits_on_members_and_bytes(tmp_path: Path) -> None:
    path = zipped(tmp_path / "d.zip", {f"{k}.csv": b"x" * 100 for k in range(5)})
    for limits, words in (
        (Limits(members=4), "5 members"),
        (Limits(directory_bytes=50), "too many members"),
        (Limits(member_bytes=99), "unpacks to more"),
        (Limits(total_bytes=499), "unpacks to more"),
    ):
        with pytest.raises(Refused, match=words), open_archive(path, limits):
            pass


def test_a_lying_directory_is_caught_while_extracting(tmp_path: Path) -> None:
    path = zipped(tmp_path / "d.zip", {NAME: b"x" * 50_000_000})
    with pytest.raises(Refused, match="zip bomb"), open_archive(path):
        pass
    with zipfile.ZipFile(path) as archive:  # as if the directory had passed
        info = archive.infolist()[0]
        with pytest.raises(Refused, match="zip bomb"), extract(archive, info, tmp_path / "landing"):
            pass
    assert not list((tmp_path / "landing").iterdir())


MEASURE = """
import json, resource, sys, tempfile
from pathlib import Path
from peelian.domain.errors import PeelianError
from peelian.sources import SOURCES
def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
idle, said = peak(), ""
try:
    options = {}
    with tempfile.TemporaryDirectory() as landing:
        for raw in SOURCES["police_uk"].land([Path(sys.argv[1])], Path(landing), options):
            for batch in SOURCES["police_uk"].parse(raw, options):
                pass
except PeelianError as error:
    said = f"{error.exit_code} {error.sentence}"
print(json.dumps([idle, peak(), said]))
"""


def measured(path: Path) -> tuple[float, str]:
    """Run in a process of its own; give MiB above idle, and what was said."""
    done = subprocess.run(
        [sys.executable, "-c", MEASURE, str(path)], capture_output=True, text=True, check=True
    )
    idle, peak, said = json.loads(done.stdout)
    return peak - idle, said


def test_a_zip_bomb_of_half_a_gibibyte_takes_no_memory(tmp_path: Path) -> None:
    path = tmp_path / "bomb.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as z, z.open(NAME, "w", force_zip64=True) as member:
        for _ in range(512):
            member.write(bytes(1 << 20))
    grown, said = measured(path)
    assert said.startswith("3 ")
    assert "zip bomb" in said
    assert grown < 300


def test_a_line_of_400_mib_takes_no_memory(tmp_path: Path) -> None:
    path = tmp_path / NAME
    with path.open("wb") as file:
        file.write(b"Crime ID,Month,Reported by,Longitude,Latitude,Location,LSOA code,Crime type\n")
        file.write(b"a,2023-05,Fenshire Police,,,,,Robbery\n")
        for _ in range(400):
            file.write(b"x" * (1 << 20))
    grown, said = measured(path)
    assert said == ""
    assert grown < 300
