"""The menu says where one is: by a mark that is told as well as seen."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from peelian.api.app import create_app
from peelian.domain.actor import LOCAL_ANALYST
from peelian.store.runs import add_run
from peelian.store.warnings import keep_warnings
from peelian.store.workspace import Workspace
from tests.warnings_made import made
from tests.workspaces import fresh

from .run_folder import write_run
from .signing import account, app_of, client_of, signed_in, with_password

PATHS = re.compile(r'<nav aria-label="Menu">(.*?)</nav>', re.DOTALL)
HERE = re.compile(r'<a href="([^"]+)" aria-current="(\w+)"')


@pytest.fixture
def own(tmp_path: Path) -> Workspace:
    return fresh(tmp_path / "home")


def menu(page: str) -> str:
    found = PATHS.search(page)
    assert found
    return found.group(1)


def test_each_page_the_menu_leads_to_is_marked_in_it_and_no_other(client: TestClient) -> None:
    links = re.findall(r'href="([^"]+)"', menu(client.get("/help").text))
    assert len(links) >= 20
    for path in [one for one in links if one != "/"]:  # the map's own menu is tested in a browser
        assert HERE.findall(menu(client.get(path).text)) == [(path, "page")], path


def test_a_page_under_another_marks_where_it_belongs(own: Workspace) -> None:
    keep_warnings(own, LOCAL_ANALYST, "prevention", [made()])
    client = client_of(create_app(own, actor=LOCAL_ANALYST, purpose="prevention"))
    first = re.search(r'href="(/warnings/[^"?]+)"', client.get("/warnings").text)
    assert first
    assert HERE.findall(menu(client.get(first.group(1)).text)) == [("/warnings", "true")]
    assert HERE.findall(menu(client.get("/nowhere").text)) == []


def test_the_account_is_marked_for_who_is_signed_in(own: Workspace) -> None:
    page = signed_in(app_of(own), with_password(own, account(own))).get("/account").text
    assert HERE.findall(menu(page)) == [("/account", "page")]


def test_the_way_out_is_shown_to_who_is_in_and_never_kept_on_a_phone(own: Workspace) -> None:
    add_run(own, "run", write_run(own.runs / "run"), force="kent")
    app, out = app_of(own), 'href="/sign-out"'
    stranger = client_of(app)
    stranger.get("/sign-in")
    assert out not in stranger.get("/sign-in").text, "a session that nobody has signed in to"
    someone = signed_in(app, account(own))
    assert out in someone.get("/list").text
    today = someone.get("/today")
    assert today.status_code == 200
    assert out not in today.text
