"""The workspace: one folder that holds everything but a server's records."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError

from peelian.domain.errors import Misuse
from peelian.store.engine import away, make_engine
from peelian.store.migrate import migrate
from peelian.store.sealed.place import check_open


@dataclass(frozen=True, eq=False)
class Workspace:
    """An open workspace. Paths kept in the catalogue are relative to `home`, so the folder may move."""

    home: Path
    engine: Engine

    @property
    def landing(self) -> Path:
        """Members of archives, as landed; a cache."""
        return self.home / "landing"

    @property
    def segments(self) -> Path:
        """The ledger's Parquet files."""
        return self.home / "segments"

    @property
    def staging(self) -> Path:
        """Files too big for memory, while they are being ingested."""
        return self.home / "staging"

    @property
    def runs(self) -> Path:
        """One folder a forecast run."""
        return self.home / "runs"

    @property
    def areas(self) -> Path:
        """Frozen masks."""
        return self.home / "areas"

    @property
    def context(self) -> Path:
        """Local reference files: place names, postcodes."""
        return self.home / "context"

    @property
    def gazetteer(self) -> Path:
        """Place names to points, as `context import` wrote them."""
        return self.context / "gazetteer.parquet"

    @property
    def links(self) -> Path:
        """Pairs of reports found to be of one incident, one file a linking run."""
        return self.home / "links"


def at_rest(home: Path, database: str | None = None) -> Workspace:
    """Name a workspace without making or migrating anything: where a backup is restored."""
    return Workspace(home, make_engine(database or f"sqlite:///{home / 'catalogue.db'}"))


def open_workspace(home: Path, database: str | None = None) -> Workspace:
    """Open, and where needed create (its owner's alone) and migrate, the workspace at `home`.

    `database` is a SQLAlchemy URL (`sqlite:///...` or `postgresql://...`); default a SQLite file in `home`.

    Raises:
        Misuse: when `home` cannot be a folder, or the URL is not one of ours.
        Refused: when it is sealed and not open.
        Fault: when the database does not answer (a silent one after 10 s), or is newer than this program.
    """
    home = home.expanduser().absolute()
    check_open(home)
    engine = make_engine(database or f"sqlite:///{home / 'catalogue.db'}")
    workspace = Workspace(home, engine)
    try:
        home.mkdir(parents=True, exist_ok=True, mode=0o700)  # one that is there keeps its rights
        for folder in (
            workspace.landing,
            workspace.segments,
            workspace.runs,
            workspace.areas,
            workspace.context,
            workspace.links,
        ):
            folder.mkdir(parents=True, exist_ok=True)
    except (FileExistsError, NotADirectoryError, PermissionError) as error:
        raise Misuse(
            f"the workspace {home} cannot be used",
            expected="a folder we may write",
            do="choose another --home",
        ) from error
    try:
        migrate(engine)
    except OperationalError as error:
        raise away(error) from error
    return workspace
