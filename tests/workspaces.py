"""A fresh workspace on SQLite and on PostgreSQL: every store test runs on both."""

from __future__ import annotations

import os
import shutil
import tempfile
import uuid
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from peelian.store.workspace import Workspace, open_workspace

BOTH = ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]


def database_url(kind: str) -> Iterator[str | None]:
    """Give a URL of an empty database (a schema of its own on PostgreSQL), and drop it afterwards."""
    if kind == "sqlite":
        yield None
        return
    server = os.environ.get("PEELIAN_TEST_POSTGRES")
    if not server:
        pytest.skip("no PostgreSQL: PEELIAN_TEST_POSTGRES is not set")
    schema = f"test_{uuid.uuid4().hex}"
    url = make_url(server).set(drivername="postgresql+psycopg")
    admin = create_engine(url, isolation_level="AUTOCOMMIT")
    with admin.connect() as conn:
        conn.execute(text(f"create schema {schema}"))
    yield url.update_query_dict({"options": f"-csearch_path={schema}"}).render_as_string(hide_password=False)
    with admin.connect() as conn:
        conn.execute(text(f"drop schema {schema} cascade"))
    admin.dispose()


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
def database(request: pytest.FixtureRequest) -> Iterator[str | None]:
    """The records database's URL; None is SQLite in the workspace."""
    yield from database_url(request.param)


@pytest.fixture
def ws(tmp_path: Path, database: str | None) -> Iterator[Workspace]:
    """An empty workspace."""
    workspace = open_workspace(tmp_path / "home", database)
    yield workspace
    workspace.engine.dispose()
