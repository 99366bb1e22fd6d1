"""Entry of the executable: global options anywhere, errors as sentences, exit codes as promised."""

from __future__ import annotations

import os
import sys
import traceback
from datetime import UTC, datetime
from pathlib import Path

from peelian.cli.state import STATE, home_folder
from peelian.domain.errors import PeelianError

VALUED = ("--home", "--database")
FLAGS = ("--json",)


def main() -> None:
    """Run the command line. Exit 0 success, 2 misuse, 3 data refused, 1 our own fault."""
    # Read once, when NumPy loads. A second thread of linear algebra waits more than it works at these sizes,
    # at the cost of the worker beside; and with one the numbers do not hang on how many cores there are.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    from peelian.cli.app import app

    try:
        app(args=hoist(sys.argv[1:]), prog_name="peelian", standalone_mode=True)
    except PeelianError as error:
        told = (_of_the_seal(error) if error.exit_code == 1 else None) or error
        fail(told.sentence, told.exit_code)
    except KeyboardInterrupt:
        fail("Stopped. What was already acknowledged is kept; run the same command again to go on.", 130)
    except Exception as error:  # the last guard: a user never sees a traceback
        sealed = _of_the_seal(error)
        fail(sealed.sentence if sealed else fault_sentence(error), sealed.exit_code if sealed else 1)


def hoist(arguments: list[str]) -> list[str]:
    """Move the global options to the front, wherever they were typed.

    >>> hoist(["ingest", "police-uk", "a.zip", "--home", "x", "--json"])
    ['--home', 'x', '--json', 'ingest', 'police-uk', 'a.zip']
    """
    front, rest = [], []
    waiting = iter(arguments)
    for argument in waiting:
        if argument == "--":
            rest += [argument, *waiting]
        elif argument in VALUED:
            front += [argument, *([value] if (value := next(waiting, None)) is not None else [])]
        elif argument in FLAGS or argument.startswith(tuple(f"{name}=" for name in VALUED)):
            front.append(argument)
        else:
            rest.append(argument)
    return front + rest


def fail(sentence: str, code: int) -> None:
    """Say what went wrong on the error stream and leave with the code."""
    if STATE.json:
        import json

        print(json.dumps({"error": sentence, "exit": code}))
    print(f"peelian: {sentence}", file=sys.stderr)
    raise SystemExit(code)


def fault_sentence(error: Exception) -> str:
    """Keep where our own failure happened (frames and kind, never its message) and say where that lies."""
    frames = "".join(traceback.format_list(traceback.extract_tb(error.__traceback__)))
    log = home_folder() / "logs" / f"fault-{datetime.now(UTC):%Y%m%dT%H%M%S}.txt"
    text = f"{type(error).__module__}.{type(error).__name__}\n{frames}"
    return (
        f"Something failed inside Peelian ({type(error).__name__}); your data are as they were. "
        f"{_keep(log, text)}"
    )


def _of_the_seal(error: Exception) -> PeelianError | None:
    from peelian.store.sealed.unreadable import unreadable

    return unreadable(home_folder(), error)


def _keep(log: Path, text: str) -> str:
    from peelian.store.sealed.place import check_open

    try:
        check_open(log.parent)
    except PeelianError as error:  # a log would be the first plain file at a sealed workspace
        return error.sentence
    try:
        log.parent.mkdir(parents=True, exist_ok=True)
        log.write_text(text)
    except OSError:
        return "The details could not be written: the workspace cannot be written to."
    return f"Please report it with {log}, which holds no data."
