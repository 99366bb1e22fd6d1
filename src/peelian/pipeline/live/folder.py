"""A watched folder: each complete file is one batch of a feed, or several where it is large."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from peelian.domain.errors import Misuse, NotNow, PeelianError
from peelian.domain.live import Inlet
from peelian.pipeline.live.door import MAX_BYTES, MAX_ROWS

DONE: Final = "done"
REFUSED: Final = "refused"
_STILL_S: Final = 2.0
_LOOK_S: Final = 0.5
_SUFFIXES: Final = (".jsonl", ".ndjson", ".json")
_BACK_S: Final = 5.0


class WatchedFolder:
    """Puts the files of a folder in for a feed, oldest first, then moves them to `done` or `refused`.

    A file is complete when it was renamed in (it is older than two seconds by its own time, or did not change
    for two seconds). Beside a refused file lies a text that says why. Stopped at any moment, nothing is lost
    or doubled: a file's key is its content.
    """

    def __init__(self, inlet: Inlet, folder: Path, feed: str, said: Callable[[str], None]) -> None:
        if not folder.is_dir():
            raise Misuse(f"there is no folder {folder}", do="make it, or correct --folder")
        self._inlet, self._folder, self._feed, self._said = inlet, folder, feed, said
        self._seen: dict[Path, tuple[tuple[int, int], float]] = {}
        for name in (DONE, REFUSED):
            (folder / name).mkdir(exist_ok=True)

    def run(self, wanted: Callable[[], bool] = lambda: True) -> None:
        """Watch until it is no longer wanted."""
        while wanted():
            try:
                self.look()
            except NotNow as error:
                self._said(error.sentence)
                time.sleep(_BACK_S)
            time.sleep(_LOOK_S)

    def look(self) -> int:
        """Take every file that is complete now; give how many.

        Raises:
            NotNow: the database does not answer; the file stays where it is.
        """
        taken = 0
        for path in self._complete():
            try:
                self._put(path)
            except NotNow:
                raise
            except PeelianError as error:
                self._move(path, REFUSED, error.sentence)
                self._said(f"{path.name} was refused: {error.sentence}")
            else:
                self._move(path, DONE)
            self._seen.pop(path, None)
            taken += 1
        return taken

    def _complete(self) -> list[Path]:
        found: list[tuple[int, Path]] = []
        for path in self._folder.iterdir():
            if path.suffix.lower() not in _SUFFIXES or path.is_symlink() or not path.is_file():
                continue
            stat = path.stat()
            now, state = time.monotonic(), (stat.st_size, stat.st_mtime_ns)
            held = self._seen.get(path)
            if held is None or held[0] != state:
                held = self._seen[path] = (state, now)
            still = now - held[1] >= _STILL_S or time.time() - stat.st_mtime >= _STILL_S
            if still:
                found.append((stat.st_mtime_ns, path))
        return [path for _, path in sorted(found)]

    def _put(self, path: Path) -> None:
        """Put a file in, in batches where it is large. A batch refused in the middle refuses what follows."""
        whole = hashlib.sha256(path.read_bytes()).hexdigest()
        read = accepted = 0
        for number, body in enumerate(_batches(path)):
            answer = self._inlet.put(self._feed, f"{whole}-{number}", body)
            read, accepted = read + answer.read, accepted + answer.accepted
        self._said(f"{path.name}: {read:,} rows read, {accepted:,} accepted, {read - accepted:,} put aside")

    def _move(self, path: Path, where: str, sentence: str = "") -> None:
        target = self._folder / where / path.name
        number = 1
        while target.exists():
            number += 1
            target = self._folder / where / f"{path.stem}-{number}{path.suffix}"
        if sentence:  # first, so that a file is never there without its reason
            target.with_name(target.name + ".txt").write_text(sentence + "\n", encoding="utf-8")
        path.rename(target)


def _batches(path: Path) -> Iterator[bytes]:
    held: list[bytes] = []
    size = 0
    with path.open("rb") as file:
        for line in file:
            if held and (size + len(line) > MAX_BYTES or len(held) == MAX_ROWS):
                yield b"".join(held)
                held, size = [], 0
            held.append(line)
            size += len(line)
    yield b"".join(held)
