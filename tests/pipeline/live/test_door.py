"""The door of live data: what is let in, what is refused, and that a batch is in exactly once."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
import yaml

from peelian.domain.errors import (
    Forbidden,
    Misuse,
    NotFound,
    NotNow,
    PeelianError,
    Refused,
    TooLarge,
    Unrecognised,
)
from peelian.pipeline.agreements import end, register
from peelian.pipeline.context import Context
from peelian.pipeline.ingesting import IngestRequest, ingest
from peelian.pipeline.live import credentials
from peelian.pipeline.live.credentials import FeedRequest, feed_rows
from peelian.pipeline.live.door import MAX_ROWS, LiveDoor
from peelian.pipeline.live.reading import _parse, _Waits
from peelian.pipeline.live.taker import Taker
from peelian.store.agreements import today
from peelian.store.feeds import get_feed
from peelian.store.inbox import backlog, waiting
from peelian.store.intake import list_files, list_quarantine
from peelian.store.ledger import read_events, state
from peelian.store.workspace import Workspace
from tests.pipeline.agreed import MAPPING, agreement_file
from tests.pipeline.live.doors import FEED, NOW, lines, made, row
from tests.workspaces import database, fresh, ws

__all__ = ["database", "ws"]


def test_a_batch_is_answered_once_and_lands_in_the_ledger(ws: Workspace) -> None:
    ctx, door, secret = made(ws)
    body = lines([row("A"), row("B", code="ASB-P"), row("C") | {"Opened": "32/01/2024 12:00"}])
    told = door.put(FEED, "k1", body, secret=secret)
    assert (told.read, told.accepted, told.quarantined, told.repeated) == (3, 2, 1, False)
    assert sum(n for _, n in told.reasons) == 1
    again = door.put(FEED, "k1", body, secret=secret)
    assert again.repeated
    assert (again.position, again.accepted) == (told.position, told.accepted)
    assert Taker(ctx).drain() == 1
    assert read_events(ws)["group"].to_list() == ["asb", "asb"]
    assert list_quarantine(ws)["row"].to_list() == [3]
    assert backlog(ws)[0] == 0
    assert [one.name for one in list_files(ws)] == [f"feed {FEED}, batch {told.position}"]
    door.stop()


def test_live_and_file_come_to_the_same_ledger(tmp_path: Path) -> None:
    """The same rows as a file and as batches: same keys, contents, times and marks."""
    rows = [row(f"N{k}", at=k, code="ASB-P" if k % 3 else "OTHER", result="NFA") for k in range(30)]
    one, two = fresh(tmp_path / "1" / "home"), fresh(tmp_path / "2" / "home")
    path = tmp_path / "log.jsonl"
    path.write_bytes(lines(rows))
    ingest(Context(one), IngestRequest("police-incidents", (path,)))
    ctx, door, _ = made(two)
    for k in range(0, 30, 7):
        door.put(FEED, f"k{k}", lines(rows[k : k + 7]))
    Taker(ctx).drain()
    door.stop()
    left, right = read_events(one), read_events(two)
    same = [name for name in left.columns if name not in ("recorded_at", "file")]
    assert left.select(same).equals(right.select(same))


BAD = {
    "not json": (b"{nonsense\n", Misuse),
    "words": (b"07700 900123, secret words\nmore of them\n", Misuse),
    "a list": (b'{"Incident No": [1]}\n', Misuse),
    "no object": (b'{"a": 1}\n3\n', Misuse),
    "a key twice": (b'{"a": 1, "a": 2}\n', Misuse),
    "no UTF-8": (b'{"a": "\xff"}\n', Misuse),
    "empty": (b" \n", Misuse),
    "a column missing": (lines([{"Incident No": "A"}]), Misuse),
    "too many rows": (b'{"a":1}\n' * (MAX_ROWS + 1), TooLarge),
    "too many bytes": (lines([row("A") | {"x": "y" * (1 << 20)}]), TooLarge),
    "a person's column": (lines([row("A") | {"Surname": "x"}]), Refused),
    "person-shaped values": (lines([row("A") | {"Note": "07700 900123"}]), Refused),
    "a barred feed": (lines([row("A") | {"Stop and search outcome": "x", "Object of search": "y"}]), Refused),
    "all in the future": (lines([row("A", at=60 * 24 * 60, known=24 * 90)]), Refused),
    "another place than the fictional": (lines([row("A") | {"Easting": 400_000}]), Refused),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_batches_leave_nothing_and_disturb_nothing(name: str, tmp_path: Path) -> None:
    ctx, door, secret = made(fresh(tmp_path / "home"))
    body, kind = BAD[name]
    with pytest.raises(kind) as told:
        door.put(FEED, "bad", body, secret=secret)
    assert told.value.http_status == {Misuse: 422, TooLarge: 413, Refused: 409}[kind]
    assert "07700" not in told.value.sentence
    assert "secret" not in told.value.sentence
    assert waiting(ctx.ws, 100) == []
    assert door.put(FEED, "bad", lines([row("A")]), secret=secret).accepted == 1  # the key is free
    door.stop()


def test_credentials_keys_and_feeds(tmp_path: Path) -> None:
    ctx, door, secret = made(fresh(tmp_path / "home"))
    body = lines([row("A")])
    with pytest.raises(NotFound):
        door.put("elsewhere", "k", body, secret=secret)
    for wrong in ("", secret[:-1], secret + "x", "é"):
        with pytest.raises(Unrecognised):
            door.put(FEED, "k", body, secret=wrong)
    for key in ("", "two words", "x" * 121, "ä"):
        with pytest.raises(Misuse):
            door.put(FEED, key, body, secret=secret)
    door.put(FEED, "k", body, secret=secret)
    with pytest.raises(Refused, match="another body"):
        door.put(FEED, "k", lines([row("B")]), secret=secret)
    new = credentials.rotate(ctx, FEED)
    with pytest.raises(Unrecognised):
        door.put(FEED, "k2", body, secret=secret)
    assert door.put(FEED, "k", body, secret=new).repeated
    credentials.revoke(ctx, FEED)
    with pytest.raises(Forbidden, match="revoked"):
        door.put(FEED, "k3", body, secret=new)
    with pytest.raises(Forbidden, match="revoked"):
        door.put(FEED, "k3", body)  # carriers of this machine too
    kept = (ctx.ws.home / "catalogue.db").read_bytes()
    assert secret.encode() not in kept
    assert new.encode() not in kept
    door.stop()


def test_what_is_checked_when_a_feed_is_added(tmp_path: Path) -> None:
    ctx, door, _ = made(fresh(tmp_path / "home"))
    asked: list[tuple[FeedRequest, type[PeelianError]]] = [
        (FeedRequest(FEED, "police-incidents", 5), Refused),
        (FeedRequest("a", "nobody", 5), Misuse),
        (FeedRequest("a", "stop-and-search", 5), Refused),
        (FeedRequest("a", "police-uk", 5), Misuse),
        (FeedRequest("a", "table", 5), Misuse),
        (FeedRequest("A b", "police-incidents", 5), Misuse),
        (FeedRequest("a", "police-incidents", 0), Misuse),
        (FeedRequest("a", "police-incidents", 5, force="kent"), Refused),  # no agreement
    ]
    for request, kind in asked:
        with pytest.raises(kind):
            credentials.add(ctx, request)
    credentials.add(ctx, FeedRequest("hospital", "emergency-department", 43_200))
    said = {str(one["feed"]): one for one in feed_rows(ctx, NOW)}
    assert (said["hospital"]["says"], said["hospital"]["live"]) == ("monthly, not heard yet", False)
    door.put(FEED, "k", lines([row("A")]))
    said = {str(one["feed"]): one for one in feed_rows(ctx, NOW)}
    assert (said[FEED]["says"], said[FEED]["live"]) == ("live, 28 days old", True)
    door.stop()


def test_a_feed_sends_while_its_agreement_holds(tmp_path: Path) -> None:
    ctx = Context(fresh(tmp_path / "home"))
    mapping = tmp_path / "mapping.yaml"
    mapping.write_text(yaml.safe_dump(MAPPING))
    ask = FeedRequest("ed", "table", 60, str(mapping))
    with pytest.raises(Refused, match="no sharing agreement"):
        credentials.add(ctx, ask)
    register(ctx, agreement_file(tmp_path))
    credentials.add(ctx, ask)
    mapping.unlink()  # the feed reads on by the copy that was kept
    door, body = (
        LiveDoor(ctx, now=lambda: NOW),
        {"ref": "a", "at": "2024-02-01 12:00", "e": 530000, "n": 180000},
    )
    assert door.put("ed", "k1", lines([body | {"kind": "assault zq"}])).accepted == 1
    end(ctx, "fens-health", today() - timedelta(days=1))
    with pytest.raises(Refused, match=r"not in force|no sharing agreement"):
        door.put("ed", "k2", lines([body | {"kind": "assault zq"}]))
    door.stop()


def test_one_key_from_many_threads_is_one_batch(ws: Workspace) -> None:
    ctx, door, secret = made(ws)
    body = lines([row("A"), row("B")])
    with ThreadPoolExecutor(12) as pool:
        answers = list(pool.map(lambda k: door.put(FEED, f"k{k % 4}", body, secret=secret), range(24)))
    assert len({one.position for one in answers}) == 4
    assert sum(not one.repeated for one in answers) == 4
    Taker(ctx).drain()
    assert read_events(ws).height == 2
    door.stop()


def test_many_at_once_with_bad_ones_among_them(tmp_path: Path) -> None:
    """Read together or alone, each batch gets the answer it would get alone."""
    ctx, door, _ = made(fresh(tmp_path / "home"))
    bodies = [lines([row(f"N{k}-{i}") for i in range(3)]) for k in range(12)]
    bodies[3] = lines([row("X") | {"Note": "07700 900123"}])
    bodies[7] = lines([row("Y") | {"Opened": "never"}, row("Z")])
    bodies[9] = b"{nonsense\n"

    def told(k: int) -> str:
        try:
            one = door.put(FEED, f"k{k}", bodies[k])
        except PeelianError as error:
            return type(error).__name__
        return f"{one.accepted} of {one.read}"

    with ThreadPoolExecutor(12) as pool:
        said = list(pool.map(told, range(12)))
    assert said[3] == "NotTaken"
    assert (said[7], said[9]) == ("1 of 2", "Misuse")
    assert all(one == "3 of 3" for k, one in enumerate(said) if k not in (3, 7, 9))
    Taker(ctx).drain()
    assert read_events(ctx.ws).height == 9 * 3 + 1
    door.stop()


def test_read_together_equals_read_alone(tmp_path: Path) -> None:
    ctx, door, _ = made(fresh(tmp_path / "home"))
    opened = door._feeds.get(get_feed(ctx.ws, FEED))
    bodies = [lines([row(f"N{k}-{i}", at=i) for i in range(1 + k % 4)]) for k in range(9)]
    bodies[4] = lines([row("Y") | {"Opened": "never"}, row("Z"), row("V", code="")])
    group = [_Waits(opened, body, body.count(b"\n"), NOW, Future()) for body in bodies]
    together, alone = _parse(group), [_parse([one])[0] for one in group]
    for many, one in zip(together, alone, strict=True):
        assert isinstance(many, list)
        assert isinstance(one, list)
        assert many[0].read == one[0].read
        assert many[0].rows.equals(one[0].rows.sort("row"))
        assert many[0].rejects.height == one[0].rejects.height
        if one[0].rejects.height:
            assert many[0].rejects.equals(one[0].rejects.sort("row"))
    door.stop()


def test_a_database_that_is_gone_is_said_and_recovered_from(tmp_path: Path) -> None:
    ctx, door, secret = made(fresh(tmp_path / "home"))
    taker, home = Taker(ctx), ctx.ws.home
    ctx.ws.engine.dispose()
    (home / "catalogue.db").rename(home / "away.db")
    (home / "catalogue.db").mkdir()  # as a disk that is not there
    with pytest.raises(NotNow) as told:
        door.put(FEED, "k", lines([row("A")]), secret=secret)
    assert told.value.http_status == 503
    with pytest.raises(NotNow):
        taker.drain()
    (home / "catalogue.db").rmdir()
    (home / "away.db").rename(home / "catalogue.db")
    assert not door.put(FEED, "k", lines([row("A")]), secret=secret).repeated
    assert taker.drain() == 1
    assert state(ctx.ws).height == 1
    door.stop()


def test_the_door_closes_with_what_it_was_given(tmp_path: Path) -> None:
    ctx, door, _ = made(fresh(tmp_path / "home"))
    door.put(FEED, "k", lines([row("A")]))
    door.stop()
    second = LiveDoor(ctx, now=lambda: NOW)
    assert second.put(FEED, "k", lines([row("A")])).repeated
    second.stop()
