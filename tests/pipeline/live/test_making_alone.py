"""A server that is begun again and again does not fit a run's recipe many times at once."""

from __future__ import annotations

import subprocess
import sys
import textwrap
from pathlib import Path

from peelian.pipeline.live.state_making import LOCK, alone

HOLDS = textwrap.dedent("""
    import sys, pathlib
    from peelian.pipeline.live.state_making import alone
    with alone(pathlib.Path(sys.argv[1])):
        print("held", flush=True)
        sys.stdin.readline()
        pathlib.Path(sys.argv[1], "made").write_text("by the first")
""")


def begun(folder: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", HOLDS, str(folder)]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def test_the_second_waits_until_the_first_has_made_it(tmp_path: Path) -> None:
    first = begun(tmp_path)
    assert first.stdout is not None
    assert first.stdout.readline() == "held\n"
    second = subprocess.Popen(
        [sys.executable, "-c", HOLDS.replace('"held"', 'pathlib.Path(sys.argv[1], "made").read_text()'),
         str(tmp_path)],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    first.communicate("\n")
    assert second.stdout is not None
    assert second.stdout.readline() == "by the first\n"
    second.wait()


def test_a_killed_one_does_not_hold_the_lock(tmp_path: Path) -> None:
    first = begun(tmp_path)
    assert first.stdout is not None
    assert first.stdout.readline() == "held\n"
    first.kill()
    first.wait()
    with alone(tmp_path):
        assert (tmp_path / LOCK).exists()
        assert not (tmp_path / "made").exists()
