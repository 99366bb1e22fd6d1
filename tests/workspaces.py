"""A fresh workspace on SQLite and on PostgreSQL: every store test runs on both."""

from __future__ import annotations

import os
import shutil
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import pytest
from sqlalchemy import URL, Connection, create_engine, make_url, text
from sqlalchemy.pool import NullPool

from peelian.store.workspace import Workspace, open_workspace

BOTH = ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]


def database_url(kind: str) -> Iterator[str | None]:
    """Give a URL of an empty database (one of its own on PostgreSQL), and drop it afterwards."""
    if kind == "sqlite":
        yield None
        return
    with _database("template0") as url:
        yield url


@contextmanager
def _database(template: str) -> Iterator[str]:
    """Make a database as a copy of `template` on the test's server, and drop it afterwards."""
    name = f"test_{uuid.uuid4().hex}"
    url = _server()
    with _admin() as conn:
        conn.execute(text(f"create database {name} template {template}"))
    yield url.set(database=name).render_as_string(hide_password=False)
    with _admin() as conn:
        conn.execute(text(f"drop database {name} with (force)"))


def _server() -> URL:
    server = os.environ.get("PEELIAN_TEST_POSTGRES")
    if not server:
        pytest.skip("no PostgreSQL: PEELIAN_TEST_POSTGRES is not set")
    return make_url(server).set(drivername="postgresql+psycopg")


@contextmanager
def _admin() -> Iterator[Connection]:
    engine = create_engine(_server(), isolation_level="AUTOCOMMIT", poolclass=NullPool)
    with engine.connect() as conn:
        yield conn


@cache
def _template() -> str:
    """Migrate one database a test process; the tests' own are copies of it."""
    name = f"template_{uuid.uuid4().hex}"
    with _admin() as conn:
        conn.execute(text(f"create database {name} template template0"))
    url = _server().set(database=name).render_as_string(hide_password=False)
    open_workspace(Path(tempfile.mkdtemp(prefix="peelian-template-")), url).engine.dispose()
    return name


@cache
def _migrated() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="peelian-template-"))
    open_workspace(folder).engine.dispose()
    return folder / "catalogue.db"


def fresh(home: Path) -> Workspace:
    """Give an empty SQLite workspace quickly, for tests that need hundreds."""
    home.mkdir(parents=True)
    shutil.copy(_migrated(), home / "catalogue.db")
    return open_workspace(home)


@pytest.fixture(params=BOTH)
def empty_database(request: pytest.FixtureRequest) -> Iterator[str | None]:
    """The URL of a records database without tables; None is SQLite in the workspace."""
    yield from database_url(request.param)


@pytest.fixture(params=BOTH)
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str | None]:
    """The URL of a records database with its tables and no rows; None is SQLite in `tmp_path / "home"`."""
    if request.param == "sqlite":
        (tmp_path / "home").mkdir()
        shutil.copy(_migrated(), tmp_path / "home" / "catalogue.db")
        yield None
        return
    _server()
    with _database(_template()) as url:
        yield url


@pytest.fixture
def ws(tmp_path: Path, database: str | None) -> Iterator[Workspace]:
    """An empty workspace."""
    workspace = open_workspace(tmp_path / "home", database)
    yield workspace
    workspace.engine.dispose()
