"""The commands of a sealed workspace: a planted place is in no file, all others say that it is closed."""

from __future__ import annotations

import gc
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest

from peelian.cli import state
from peelian.store.sealed.place import Place
from tests.cli.conftest import Said, peelian
from tests.sealed.made import KEY, OTHER, fill, kill_mount, needs_seal

CANARY = "Zanzaquil Lane"
HEAD = (
    "Crime ID,Month,Reported by,Falls within,Longitude,Latitude,Location,LSOA code,LSOA name,Crime type,"
    "Last outcome category,Context"
)


def run(*arguments: str | Path) -> Said:
    """Run a command as users do: what earlier ones had open is gone, though this process went on."""
    if arguments[0] == "seal":
        gc.collect()
    return peelian(*arguments)


@pytest.fixture(autouse=True)
def outside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Commands run in this process, which must not keep its temporary files where they put theirs."""
    (tmp_path / "outside").mkdir()
    monkeypatch.setenv("TMPDIR", str(tmp_path / "outside"))


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """A month in the layout of data.police.uk with the planted street."""
    rows = [
        f"{k:064x},2024-03,Bedfordshire Police,Bedfordshire Police,-0.45{k:02},52.13{k:02},"
        f"On or near {CANARY},E0101700{k % 5},Bedford 001A,Burglary,,"
        for k in range(30)
    ]
    with zipfile.ZipFile(tmp_path / "canary.zip", "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("2024-03/2024-03-bedfordshire-street.csv", "\n".join([HEAD, *rows]) + "\n")
    return tmp_path / "canary.zip"


@pytest.fixture
def keys(tmp_path: Path) -> Iterator[tuple[str, str, str, str]]:
    """The options that name the key and the new key, each in a file of its owner's."""
    fill(tmp_path, {"key": KEY.encode(), "new": OTHER.encode()})
    for name in ("key", "new"):
        (tmp_path / name).chmod(0o600)
    return "--key-file", str(tmp_path / "key"), "--new-key-file", str(tmp_path / "new")  # type: ignore[return-value]


def everything(folder: Path) -> str:
    """All that lies below a folder, as raw bytes, names, and columns of what can be read as Parquet."""
    said: list[str] = []
    for path in folder.rglob("*"):
        said.append(path.name)
        if path.is_file():
            said.append(path.read_bytes().decode("latin-1"))
            if path.suffix == ".parquet":
                said += [str(column.to_list()) for column in pl.read_parquet(path).get_columns()]
    return "\n".join(said)


@needs_seal
@pytest.mark.parametrize("sealed", [False, True])
def test_a_planted_place_is_found_in_no_file_once_sealed(
    place: Place, archive: Path, keys: tuple[str, ...], sealed: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    beside = place.home.parent
    (beside / "tmp").mkdir()
    monkeypatch.setenv("TMPDIR", str(beside / "tmp"))
    home = ("--home", place.home)
    if sealed:
        assert run("seal", "make", *keys[:2], *home).code == 0
    said = run("ingest", "police-uk", archive, *home)
    assert said.code == 0, said.err
    if sealed:
        assert CANARY in everything(place.home)
        assert run("seal", "rekey", *keys, *home).code == 0
        assert run("seal", "close", *home).code == 0
    found = everything(beside)
    assert (CANARY in found) == (not sealed)
    assert [word for word in (KEY, OTHER, "bedfordshire", "catalogue.db") if sealed and word in found] == []


@needs_seal
def test_a_plain_workspace_is_sealed_changed_and_written_in_the_audit(
    place: Place, archive: Path, keys: tuple[str, ...]
) -> None:
    home = ("--home", place.home)
    assert run("ingest", "police-uk", archive, *home).code == 0
    before = run("coverage", "--json", *home).json
    assert run("seal", "state", "--json", *home).json["state"] == "plain"
    made = run("seal", "make", *keys[:2], *home)
    assert (made.code, "free blocks" in made.out) == (0, True)
    assert run("seal", "rekey", *keys, *home).code == 0
    assert run("seal", "close", *home).code == 0
    assert run("seal", "state", *home).out.strip().endswith("sealed, and closed")
    wrong = run("seal", "open", *keys[:2], *home)
    assert (wrong.code, "key does not open" in wrong.err) == (2, True)
    right = ("--key-file", keys[3])
    assert run("seal", "check", *right, *home).code == 0
    assert run("seal", "rekey", "--afresh", *right, "--new-key-file", keys[1], *home).code == 0
    assert run("seal", "open", *keys[:2], *home).code == 0
    assert run("coverage", "--json", *home).json == before
    rows = run("--json", "audit", "list", *home)
    seals = [(row["verb"], row["what"]) for row in rows.json if row["what"].startswith("seal ")]
    assert sorted(seals) == sorted([
        ("alteration", "seal begun"), ("alteration", "seal made"), ("alteration", "seal key change begun"),
        ("alteration", "seal key changed"), ("consultation", "seal closed"),
        ("alteration", "seal afresh begun"), ("alteration", "seal made afresh"),
        ("consultation", "seal opened"),
    ])  # fmt: skip
    assert KEY not in rows.out
    assert run("audit", "verify", *home).code == 0


@needs_seal
def test_every_other_command_says_that_it_is_closed_and_begins_nothing(
    place: Place, archive: Path, keys: tuple[str, ...], tmp_path: Path
) -> None:
    home = ("--home", place.home)
    assert run("seal", "make", *keys[:2], *home).code == 0
    assert run("backup", tmp_path / "backup", *home).code == 0
    assert run("seal", "close", *home).code == 0
    for empty in (False, True):  # H is not there; H is an empty folder beside what is sealed
        if empty:
            place.home.mkdir()
        for command in (
            ("ingest", "police-uk", archive), ("backup", tmp_path / "other"),
            ("restore", tmp_path / "backup"), ("serve",),
        ):  # fmt: skip
            said = run(*command, *home)
            assert (said.code, "sealed and not open" in said.err) == (3, True), (command, said.err)
            assert "peelian seal open" in said.err
        assert place.home.exists() == empty
    assert not any(place.home.iterdir())


@needs_seal
def test_a_backup_is_restored_into_a_sealed_workspace(
    place: Place, archive: Path, keys: tuple[str, ...], tmp_path: Path
) -> None:
    assert run("ingest", "police-uk", archive, "--home", tmp_path / "plain").code == 0
    assert run("backup", tmp_path / "backup", "--home", tmp_path / "plain").code == 0
    assert run("seal", "make", "--folder", place.home, *keys[:2]).code == 0
    assert run("restore", tmp_path / "backup", "--home", place.home).code == 0
    assert run("backup", place.home.parent / "again", "--home", place.home).code == 0
    into = run("backup", place.home, "--home", tmp_path / "plain")  # would be built beside it, plain
    assert (into.code, "inside" in into.err) == (2, True)
    assert run("seal", "close", "--home", place.home).code == 0
    assert CANARY not in everything(place.cipher)


@needs_seal
def test_a_dead_mount_and_a_damaged_file_are_told_with_what_to_run(
    place: Place, archive: Path, keys: tuple[str, ...]
) -> None:
    home = ("--home", place.home)
    assert run("seal", "make", *keys[:2], *home).code == 0
    assert run("ingest", "police-uk", archive, *home).code == 0
    kill_mount(place)
    said = run("coverage", *home)
    assert (said.code, "its mount has died" in said.err) == (3, True)
    assert run("seal", "open", *keys[:2], *home).code == 0
    records = place.home / "catalogue.db"
    number = records.stat().st_ino
    assert run("seal", "close", *home).code == 0
    cipher = next(p for p in place.cipher.iterdir() if p.stat().st_ino == number)
    body = bytearray(cipher.read_bytes())
    body[50] ^= 1
    cipher.write_bytes(body)
    assert run("seal", "open", "--folder", place.home, *keys[:2]).code == 0
    said = run("coverage", *home)
    assert (said.code, "peelian seal check" in said.err) == (3, True), said.err
    checked = run("seal", "check", *keys[:2], *home)
    assert (checked.code, "catalogue.db" in checked.err) == (3, True)


@needs_seal
def test_temporary_files_of_a_sealed_workspace_lie_in_it(
    place: Place, keys: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(state.STATE, "home", place.home)
    monkeypatch.setattr(tempfile, "tempdir", None)
    before = tempfile.gettempdir()
    state.context().ws.engine.dispose()
    assert tempfile.gettempdir() == before
    assert run("seal", "make", *keys[:2], "--home", place.home).code == 0
    monkeypatch.setattr(state.STATE, "home", place.home)
    state.context().ws.engine.dispose()
    assert tempfile.gettempdir() == before  # whoever sets TMPDIR is believed
    monkeypatch.delenv("TMPDIR")
    state.context().ws.engine.dispose()
    assert Path(tempfile.gettempdir()) == place.home / "landing"
