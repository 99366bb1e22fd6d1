"""A PostgreSQL of a test's own, so that it can be stopped as by a power cut and started again."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from pathlib import Path

import pytest

_FOUND = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
needs_postgres = pytest.mark.skipif(
    bool(os.environ.get("PEELIAN_NO_POSTGRES")) or not _FOUND,
    reason="no PostgreSQL here: install Debian's postgresql to run this",
)


class Postgres:
    """A server with files of its own, removed by `end`; as root its processes run as `postgres`."""

    def __init__(self) -> None:
        self.folder = folder = Path(tempfile.mkdtemp(prefix="peelian-own-"))
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        if os.geteuid() == 0:
            shutil.chown(folder, "postgres")
        self._do("initdb", "-A", "trust", "-U", "peelian", "--no-sync", "--no-locale", "-E", "UTF8")

    @property
    def url(self) -> str:
        return f"postgresql+psycopg://peelian@127.0.0.1:{self.port}/postgres"

    def start(self) -> None:
        """Start, and wait until it answers. It waits for the disk, as a real one does."""
        how = f"-p {self.port} -k {self.folder} -c listen_addresses=127.0.0.1"
        self._do("pg_ctl", "-w", "-s", "-l", str(self.folder / "log"), "-o", how, "start")

    def stop(self) -> None:
        """Stop at once, as by a power cut: it recovers when it is started again."""
        self._do("pg_ctl", "-s", "-m", "immediate", "stop")

    def end(self) -> None:
        """Stop it where it runs, and remove its files."""
        if (self.folder / "data" / "postmaster.pid").is_file():
            self.stop()
        shutil.rmtree(self.folder)

    def _do(self, what: str, *arguments: str) -> None:
        command = [str(_FOUND[-1] / what), "-D", str(self.folder / "data"), *arguments]
        user = "postgres" if os.geteuid() == 0 else None
        subprocess.run(command, user=user, group=user, cwd="/", check=True, stdout=subprocess.DEVNULL)
