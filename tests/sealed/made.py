"""Sealed folders for tests: skipped only where nothing can be mounted; no mount outlives its test."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest

from peelian.store.sealed import program
from peelian.store.sealed.place import Place, alive, mounted, mounts_below

KEY = "3b1e5c7d9f0a2846 first key of a test"
OTHER = "c0ffee94725d81be another key of a test"


@cache
def no_seal() -> str:
    """Say why nothing can be sealed on this machine; empty where it can."""
    if os.environ.get("PEELIAN_NO_SEAL") or shutil.which("gocryptfs") is None:
        return "no gocryptfs here: install Debian's gocryptfs and fuse3 to run this"
    try:
        os.close(os.open("/dev/fuse", os.O_RDWR))
    except OSError as error:
        return f"the kernel gives no /dev/fuse here ({error.strerror})"
    return ""


needs_seal = pytest.mark.skipif(bool(no_seal()), reason=no_seal() or "can")


@pytest.fixture
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make keys cheap to guess, and tests quick."""
    monkeypatch.setattr(program, "COST", "10")


@pytest.fixture
def place(tmp_path: Path, cheap: None) -> Iterator[Place]:
    """A place in an empty folder; nothing is there yet."""
    (tmp_path / "ground").mkdir()
    yield Place(tmp_path.resolve() / "ground" / "home")
    unmount_below(tmp_path)


def unmount_below(folder: Path) -> None:
    for point in mounts_below(folder.resolve()):
        program.unmount(point, lazily=True)


def fill(folder: Path, files: dict[str, bytes]) -> None:
    for name, body in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(body)


def read(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def kill_mount(place: Place) -> None:
    """Kill the gocryptfs process behind an open folder, as the kernel does when memory is short."""
    for process in Path("/proc").iterdir():
        if process.name.isdigit():
            try:
                said = (process / "cmdline").read_bytes().split(b"\0")
            except OSError:
                continue
            if b"-fg" in said and str(place.cipher).encode() in said:
                os.kill(int(process.name), signal.SIGKILL)
    until(lambda: mounted(place.home) and not alive(place.home))


def killed_at(step: int, work: Callable[[], object], traced: list[tuple[object, str]]) -> bool:
    """Do the work in a process that kills itself before its `step`-th traced call; say if it did."""
    child = os.fork()
    if child == 0:
        try:
            _trap(step, traced)
            work()
        finally:
            os._exit(0)
    _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status)


def _trap(step: int, traced: list[tuple[object, str]]) -> None:
    calls = 0
    for owner, name in traced:
        real = getattr(owner, name)

        def trapped(*args: object, _real: Callable[..., object] = real, **options: object) -> object:
            nonlocal calls
            calls += 1
            if calls == step:
                os.kill(os.getpid(), signal.SIGKILL)
            return _real(*args, **options)

        setattr(owner, name, trapped)


def until(true: Callable[[], bool], seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not come to pass"
        time.sleep(0.01)


def sleeper(folder: Path) -> subprocess.Popen[bytes]:
    """A process that works in a folder."""
    return subprocess.Popen(["sleep", "60"], cwd=folder)
