"""A sealed folder: what goes in comes out, what is closed cannot be read, errors say what to do."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from peelian.domain.errors import Misuse, Refused
from peelian.pipeline import sealing
from peelian.pipeline.sealing import Folder
from peelian.store.sealed import moving, program
from peelian.store.sealed.key import KEY as VARIABLE
from peelian.store.sealed.place import Place, check_open, place_of, state_of
from peelian.store.sealed.tree import held
from tests.sealed.made import KEY, OTHER, fill, kill_mount, needs_seal, read, sleeper, unmount_below

FILES = {"a.txt": b"one", "deep/er/b.bin": bytes(range(256)) * 50, "deep/empty": b"", "x" * 240: b"long name"}


def sealed(place: Place) -> Folder:
    fill(place.home, FILES)
    folder = Folder(place, workspace=False)
    sealing.make(folder, KEY)
    return folder


@needs_seal
def test_files_go_in_and_come_out(place: Place) -> None:
    fill(place.home, FILES)
    (place.home / "deep" / "link").symlink_to("../a.txt")
    (place.home / "a.txt").chmod(0o640)
    before = held(place.home)
    folder = Folder(place, workspace=False)
    assert sealing.make(folder, KEY) == len(FILES)
    assert held(place.home) == before
    assert os.listdir(place.home.parent).count("home.sealing-plain") == 0
    sealing.close(folder)
    assert (place.home.exists(), state_of(place), place.left()) == (False, "closed", [])
    sealing.open_(folder, KEY)
    assert (held(place.home), state_of(place)) == (before, "open")
    (place.home / "later").write_bytes(b"more")
    sealing.close(folder)
    sealing.open_(folder, KEY)
    assert (place.home / "later").read_bytes() == b"more"


@needs_seal
def test_an_empty_folder_and_none_can_be_sealed(place: Place) -> None:
    folder = Folder(place, workspace=False)
    assert sealing.make(folder, KEY) == 0
    with pytest.raises(Misuse, match="sealed already"):
        sealing.make(folder, KEY)
    with pytest.raises(Misuse, match="open already"):
        sealing.open_(folder, KEY)
    sealing.close(folder)
    with pytest.raises(Misuse, match="not open"):
        sealing.close(folder)
    with pytest.raises(Misuse, match="sealed already"):
        sealing.make(folder, KEY)


@needs_seal
def test_another_key_opens_nothing(place: Place) -> None:
    folder = sealed(place)
    sealing.close(folder)
    with pytest.raises(Misuse, match="the key does not open"):
        sealing.open_(folder, OTHER)
    assert (place.home.exists(), state_of(place)) == (False, "closed")


@needs_seal
@pytest.mark.parametrize("was_open", [True, False])
@pytest.mark.parametrize("afresh", [True, False])
def test_after_a_change_the_old_key_opens_no_more(place: Place, was_open: bool, afresh: bool) -> None:
    folder = sealed(place)
    before = {p.name: p.read_bytes() for p in place.cipher.iterdir() if p.is_file()}
    if not was_open:
        sealing.close(folder)
    with pytest.raises(Misuse, match="the key does not open"):
        (sealing.rekey_afresh if afresh else sealing.rekey)(folder, OTHER, KEY)
    with pytest.raises(Misuse, match=r"another key|the one there is"):
        sealing.rekey(folder, KEY, KEY)
    (sealing.rekey_afresh if afresh else sealing.rekey)(folder, KEY, OTHER)
    assert state_of(place) == ("open" if was_open else "closed")
    assert place.left() == []
    if was_open:
        assert read(place.home) == FILES
        sealing.close(folder)
    with pytest.raises(Misuse, match="the key does not open"):
        sealing.open_(folder, KEY)
    sealing.open_(folder, OTHER)
    assert read(place.home) == FILES
    after = {p.name: p.read_bytes() for p in place.cipher.iterdir() if p.is_file()}
    same = {name for name in before if after.get(name) == before[name]}
    assert "gocryptfs.conf" not in same
    assert bool(same) == (not afresh)  # wrapped anew the files stay, afresh not one is as it was


@needs_seal
def test_what_is_in_use_is_not_moved_or_closed(place: Place) -> None:
    fill(place.home, FILES)
    folder = Folder(place, workspace=False)
    with sleeper(place.home) as process:
        with pytest.raises(Refused, match=f"in use.*{process.pid}"):
            sealing.make(folder, KEY)
        process.kill()
    assert (read(place.home), state_of(place), place.left()) == (FILES, "plain", [])
    sealing.make(folder, KEY)
    with sleeper(place.home) as process:
        for work in (lambda: sealing.close(folder), lambda: sealing.rekey_afresh(folder, KEY, OTHER)):
            with pytest.raises(Refused, match=f"in use.*{process.pid}"):
                work()
        process.kill()
    assert read(place.home) == FILES


@needs_seal
def test_a_killed_mount_is_told_and_opened_again(place: Place) -> None:
    folder = sealed(place)
    kill_mount(place)
    assert state_of(place) == "dead"
    with pytest.raises(Refused, match=r"its mount has died.*peelian seal open"):
        check_open(place.home / "segments")
    with pytest.raises(Refused, match="died"):
        sealing.rekey(folder, KEY, OTHER)
    sealing.open_(folder, KEY)
    assert read(place.home) == FILES
    kill_mount(place)
    sealing.close(folder)
    assert state_of(place) == "closed"


@needs_seal
def test_a_changed_byte_is_an_error_and_the_check_names_the_file(place: Place) -> None:
    folder = sealed(place)
    sealing.check(folder, KEY)
    sealing.close(folder)
    victim = max((p for p in place.cipher.rglob("*") if p.is_file()), key=lambda p: p.stat().st_size)
    body = bytearray(victim.read_bytes())
    body[len(body) // 2] ^= 1
    victim.write_bytes(body)
    with pytest.raises(Refused, match=r"damaged.*b\.bin.*Restore a backup"):
        sealing.check(folder, KEY)
    sealing.open_(folder, KEY)
    with pytest.raises(OSError, match="Input/output error"):
        (place.home / "deep" / "er" / "b.bin").read_bytes()
    with pytest.raises(Refused, match="peelian seal check"):
        sealing.rekey_afresh(folder, KEY, OTHER)
    assert (place.home / "a.txt").read_bytes() == b"one"  # open again, under the old key
    sealing.close(folder)
    (place.cipher / "gocryptfs.conf").unlink()
    for broken in (None, b"", b"[1]", b"[" * 100_000):
        if broken is not None:
            (place.cipher / "gocryptfs.conf").write_bytes(broken)
        with pytest.raises(Refused, match=r"gocryptfs\.conf.*gone or damaged"):
            sealing.open_(folder, KEY)


@needs_seal
def test_nothing_is_opened_over_files_that_lie_there(place: Place) -> None:
    folder = sealed(place)
    sealing.close(folder)
    fill(place.home, {"mine": b"1"})
    with pytest.raises(Refused, match="not empty"):
        sealing.open_(folder, KEY)
    assert read(place.home) == {"mine": b"1"}


@needs_seal
def test_no_command_or_environment_shows_a_key(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, KEY)
    seen: list[str] = []
    real = program.subprocess.run

    def spy(command: list[str], **options: object) -> object:
        seen.append(str(command) + str(options.get("env", "" if "fusermount" in command[0] else os.environ)))
        return real(command, **options)

    monkeypatch.setattr(program.subprocess, "run", spy)
    folder = sealed(place)
    sealing.rekey(folder, KEY, OTHER)
    assert len(seen) > 5
    assert [one for one in seen if KEY in one or OTHER in one] == []


NAMES = st.text(st.characters(codec="utf-8", exclude_characters="/\0"), min_size=1, max_size=60).filter(
    lambda name: name not in (".", "..")
)
TREES = st.dictionaries(NAMES, st.one_of(st.binary(max_size=9000), st.dictionaries(NAMES, st.binary(max_size=99), max_size=3)), max_size=5)  # fmt: skip  # noqa: E501


@needs_seal
@given(TREES)
@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_tree_of_files_survives(cheap: None, tree: dict[str, bytes | dict[str, bytes]]) -> None:
    with tempfile.TemporaryDirectory(prefix="peelian-tree-") as ground:
        place = place_of(Path(ground) / "home")
        folder = Folder(place, workspace=False)
        try:
            place.home.mkdir()
            for name, body in tree.items():
                if isinstance(body, bytes):
                    (place.home / name).write_bytes(body)
                else:
                    fill(place.home / name, body)
                    (place.home / name).mkdir(exist_ok=True)
            before = held(place.home)
            sealing.make(folder, KEY)
            assert held(place.home) == before
        finally:
            unmount_below(Path(ground))


@needs_seal
def test_who_comes_second_is_told_to_wait(place: Place) -> None:
    with moving.alone(place), pytest.raises(Refused, match="another peelian seal is at work"):
        sealing.make(Folder(place, workspace=False), KEY)
