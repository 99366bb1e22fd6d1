"""Passwords that are frequent, were breached or lay unused; one's own sessions, listed and ended."""

from __future__ import annotations

import hashlib
import re
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from peelian.api.access import FILE, read_access
from peelian.domain.errors import Misuse
from peelian.govern.breached import Breached
from peelian.govern.passwords import check_password, first_password, hash_password
from peelian.store import accounts
from peelian.store.access_tables import account as account_table
from peelian.store.accounts import FIRST_HOLDS, Account
from peelian.store.catalogue import now, reading, transaction
from peelian.store.workspace import Workspace
from tests.api.signing import account, app_of, client_of, post, signed_in
from tests.workspaces import fresh

FREQUENT = (
    "password1234", "letmeinletmein1", "iloveyou12345", "qwertyuiopas", "jenniferjennifer", "123456789abc",
    "1q2w3e4r5t6y", "football2024!", "Passw0rd1234", "monkeymonkey12",
)  # fmt: skip


@pytest.fixture
def ws(tmp_path: Path) -> Workspace:
    return fresh(tmp_path / "home")


def hashes(path: Path, passwords: list[str], digits: int = 40, ending: str = "\n") -> Path:
    """Write a set as it is given out: sorted hashes, and how often each was seen."""
    held = sorted(hashlib.sha1(one.encode()).hexdigest().upper()[:digits] for one in passwords)
    seen = [f"{one}:{k * k}" if digits == 40 else one for k, one in enumerate(held)]
    path.write_bytes("".join(one + ending for one in seen).encode())
    return path


@pytest.mark.parametrize("typed", FREQUENT)
def test_what_is_made_of_frequent_passwords_is_refused(typed: str) -> None:
    with pytest.raises(Misuse, match="will not do"):
        check_password(typed, "a1001")


def test_three_random_words_and_a_first_password_do() -> None:
    for typed in (
        "lantern-gravel-otter",
        "purple monkey dishwasher",
        "ymlaen rhosyn cwmwl",
        first_password(),
    ):
        assert check_password(typed, "a1001") == typed


@pytest.mark.parametrize("n", [1, 2, 3, 17, 1_000])
@pytest.mark.parametrize(("digits", "ending"), [(40, "\n"), (40, "\r\n"), (12, "\n")])
def test_each_breached_password_is_found_and_no_other(
    tmp_path: Path, n: int, digits: int, ending: str
) -> None:
    held = Breached(hashes(tmp_path / "b.txt", [f"word-{k}" for k in range(n)], digits, ending))
    held.check()
    assert all(held.holds(f"word-{k}") for k in range(n))
    assert not any(held.holds(f"other-{k}") for k in range(200))


def test_a_file_that_is_no_such_set_is_said_when_the_server_starts(tmp_path: Path) -> None:
    setting = tmp_path / FILE
    setting.write_text('breached_passwords = "b.txt"\n')
    for body in (b"", b"password\n", b"FFFFFFFFFFFFFF\n00000000000000\n"):
        (tmp_path / "b.txt").write_bytes(body)
        with pytest.raises(Misuse, match="breached passwords cannot be read"):
            read_access(tmp_path, "accounts", secure=True)
    (tmp_path / "b.txt").unlink()
    with pytest.raises(Misuse):
        read_access(tmp_path, "accounts", secure=True)
    hashes(tmp_path / "b.txt", ["a", "b"])
    assert read_access(tmp_path, "accounts", secure=True).breached == Breached(tmp_path / "b.txt")


def first(ws: Workspace, id_: str = "n77") -> tuple[Account, str]:
    """Add an account with a first password."""
    one, password = Account(id_, "analyst", "kent", areas=("*",), purposes=("*",)), first_password()
    with transaction(ws) as conn:
        accounts.add_account(conn, one, password=hash_password(password))
    return one, password


def test_a_breached_password_is_not_taken(ws: Workspace, tmp_path: Path) -> None:
    _, password = first(ws)
    breached = Breached(hashes(tmp_path / "b.txt", ["lantern-gravel-otter"]))
    client = client_of(app_of(ws, breached=breached))
    assert post(client, "/sign-in", {"account": "n77", "password": password}).status_code == 303
    typed = {"first": "lantern-gravel-otter", "again": "lantern-gravel-otter"}
    refused = post(client, "/sign-in/password", typed)
    assert refused.status_code == 422
    assert "in a breach" in refused.text
    typed = {"first": "lantern-gravel-beaver", "again": "lantern-gravel-beaver"}
    assert post(client, "/sign-in/password", typed).headers["location"] == "/sign-in/enrol"


def test_a_first_password_that_lay_unused_is_over_and_a_reset_gives_another(ws: Workspace) -> None:
    _, password = first(ws)
    with transaction(ws) as conn:
        conn.execute(update(account_table).values(added=now() - FIRST_HOLDS - timedelta(minutes=1)))
    refused = post(client_of(app_of(ws)), "/sign-in", {"account": "n77", "password": password})
    assert refused.status_code == 403
    assert "not used within 3 days" in refused.text
    wrong = post(client_of(app_of(ws)), "/sign-in", {"account": "n77", "password": "another-one-entirely"})
    assert "not used within" not in wrong.text, "who does not know it is not told of it"
    anew = first_password()
    with transaction(ws) as conn:
        accounts.reset(conn, "n77", hash_password(anew))
    again = post(client_of(app_of(ws)), "/sign-in", {"account": "n77", "password": anew})
    assert again.headers["location"] == "/sign-in/password"


def test_a_password_of_ones_own_does_not_end(ws: Workspace) -> None:
    _, password = first(ws)
    with transaction(ws) as conn:
        accounts.set_password(conn, "n77", hash_password(password))
        conn.execute(update(account_table).values(added=now() - timedelta(days=900)))
    again = post(client_of(app_of(ws)), "/sign-in", {"account": "n77", "password": password})
    assert again.headers["location"] == "/sign-in/enrol"


def test_ones_sessions_are_listed_and_one_of_them_is_ended(ws: Workspace) -> None:
    app = app_of(ws)
    mine, other = account(ws, "a1001"), account(ws, "a1002")
    here, there, strangers = (signed_in(app, one) for one in (mine, mine, other))
    page = here.get("/account").text
    assert page.count("this one") == 1
    (theirs,) = re.findall(r'name="which" value="([0-9a-f]{64})"', page)
    assert there.cookies["peelian"] not in page
    assert post(strangers, "/account/session", {"which": theirs}, page="/account").status_code == 303
    assert there.get("/account").status_code == 200, "nobody ends another account's session"
    assert post(here, "/account/session", {"which": theirs}, page="/account").status_code == 303
    assert there.get("/account").status_code == 303
    assert here.get("/account").status_code == 200
    with reading(ws) as conn:
        from peelian.store.sessions import Limits, sessions_of

        assert len(sessions_of(conn, "a1001", Limits())) == 1


def test_each_page_of_who_is_signed_in_has_the_way_out(ws: Workspace) -> None:
    client = signed_in(app_of(ws), account(ws, "a1001"))
    for path in ("/account", "/help", "/problems", "/decisions"):
        assert 'href="/sign-out"' in client.get(path).text, path
    assert 'href="/sign-out"' not in client_of(app_of(ws)).get("/help").text
