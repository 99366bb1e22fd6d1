"""What is told without gocryptfs: states by names, keys, and what a machine lacks."""

from __future__ import annotations

from pathlib import Path

import pytest

from peelian.domain.errors import Fault, Misuse, PeelianError, Refused
from peelian.pipeline import sealing
from peelian.pipeline.sealing import Folder
from peelian.store.sealed import program
from peelian.store.sealed.key import KEY as VARIABLE
from peelian.store.sealed.key import read_key
from peelian.store.sealed.place import Place, State, check_open, mounts_below, state_of
from tests.sealed.made import KEY, OTHER, fill, read

FILES = {"a.txt": b"one"}


def test_a_machine_that_cannot_is_told_what_lacks(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    fill(place.home, FILES)
    with pytest.raises(Fault, match="Install the Debian packages gocryptfs"):
        sealing.make(Folder(place, workspace=False), KEY)
    monkeypatch.undo()
    monkeypatch.setattr(program.shutil, "which", lambda _: "/usr/bin/gocryptfs")
    monkeypatch.setattr(program, "_FUSE", place.home / "no-fuse")
    with pytest.raises(Fault, match="no /dev/fuse"):
        sealing.make(Folder(place, workspace=False), KEY)
    assert read(place.home) == FILES


@pytest.mark.parametrize(
    ("there", "state"),
    [
        ((), "none"),
        (("home/x",), "plain"),
        (("home/x", "home.sealing-new/x"), "plain"),
        (("home.sealed/x",), "closed"),
        (("home/x", "home.sealed/x"), "closed"),
        (("home.sealing-plain/x",), "unfinished"),
        (("home.sealing-old/x", "home.sealing-new/x"), "unfinished"),
    ],
)
def test_states_are_told_by_names(place: Place, there: tuple[str, ...], state: State) -> None:
    fill(place.home.parent, dict.fromkeys(there, b""))
    assert state_of(place) == state
    if state in ("none", "plain"):
        return check_open(place.home)
    for folder in (place.home, place.home / "below"):
        with pytest.raises(Refused, match=r"peelian seal (open|state)"):
            check_open(folder)
    return None


def test_a_key_comes_from_a_file_of_its_owner_or_the_environment(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)
    with pytest.raises(Misuse, match="no key was given"):
        read_key(place, None)
    fill(place.home.parent, {"key": KEY.encode() + b"\n", "home/key": KEY.encode()})
    file = place.home.parent / "key"
    file.chmod(0o640)
    with pytest.raises(Misuse, match=r"others may read.*chmod 600 key"):
        read_key(place, file)
    file.chmod(0o600)
    assert read_key(place, file) == KEY
    with pytest.raises(Misuse, match="lies in what it locks"):
        read_key(place, place.home / "key")
    monkeypatch.setenv(VARIABLE, OTHER)
    assert (read_key(place, None), read_key(place, file)) == (OTHER, KEY)


@pytest.mark.parametrize(
    "weak", ["short", "ab" * 20, "a line\nand another one of a key 123", "x" * 2000, "é\udce9" * 20]
)
def test_a_weak_key_is_refused_and_not_said(place: Place, monkeypatch: pytest.MonkeyPatch, weak: str) -> None:
    monkeypatch.setenv(VARIABLE, weak)
    with pytest.raises(PeelianError) as raised:
        read_key(place, None)
    assert raised.value.exit_code == 2
    assert weak not in raised.value.sentence


def test_mounts_are_read_with_their_blanks(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    table = tmp_path / "mountinfo"
    table.write_text(
        "42 27 0:39 / /srv/a\\040b rw,nosuid - fuse.gocryptfs /srv/a\\040b.sealed rw\n"
        "43 27 0:40 / /srv/other rw - ext4 /dev/vda rw\n"
    )
    monkeypatch.setattr("peelian.store.sealed.place._MOUNTS", table)
    assert mounts_below(Path("/srv")) == [Path("/srv/a b")]
