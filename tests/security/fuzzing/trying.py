"""One try: an answer, a refusal of the project's own, or a fault. Time and memory are bounded."""

from __future__ import annotations

import random
import resource
import signal
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Final

from peelian.domain.errors import Fault, PeelianError
from tests.security.fuzzing.bench import Bench, Parser, Seeds
from tests.security.fuzzing.mutating import spoilt

SECONDS: Final = 10
"""Of the processor's time, not of the clock's: a busy machine is no hang."""
GROWTH_KB: Final = 700_000
"""How much one file of a few kilobytes may add to the process at its largest."""


@dataclass(frozen=True)
class Tried:
    """How a try ended: `answered`, `refused`, or `fault` with what came out and where."""

    end: str
    said: str = ""


class TooSlow(Exception):
    """It took longer than it may."""


def input_of(seeds: Seeds, number: int) -> tuple[str, bytes]:
    """Give the file of a number: the same number, the same file. The first are the valid ones."""
    names = sorted(seeds)
    if number < len(names):
        return names[number], seeds[names[number]]
    rng = random.Random(number)
    name = rng.choice(names)
    return name, spoilt(name, seeds[name], rng)


def try_one(parser: Parser, bench: Bench, name: str, data: bytes) -> Tried:
    """Read a file once."""
    before = _peak()
    try:
        with _in_time():
            parser.read(bench, name, data)
        end = Tried("answered")
    except PeelianError as error:
        end = Tried("fault", _where(error)) if type(error) is Fault else Tried("refused")
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # a panic of a library in Rust is no Exception
        end = Tried("fault", _where(error))
    grown = _peak() - before
    if grown > GROWTH_KB:
        return Tried("fault", f"memory: {grown // 1024} MiB more")
    return end


def _where(error: BaseException) -> str:
    """Name the error and the innermost line of the project that it passed."""
    frames = [f for f in traceback.extract_tb(error.__traceback__) if "/peelian/" in f.filename]
    at = frames[-1] if frames else traceback.extract_tb(error.__traceback__)[-1]
    where = "/".join(Path(at.filename).parts[-3:])
    return f"{type(error).__name__} at {where}:{at.lineno}: {str(error)[:160]}"


@contextmanager
def _in_time() -> Iterator[None]:
    def over(_signal: int, _frame: FrameType | None) -> None:
        raise TooSlow(f"more than {SECONDS} s")

    held = signal.signal(signal.SIGPROF, over)
    signal.setitimer(signal.ITIMER_PROF, SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, held)


def _peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
