"""What replays found is told as it was found: no gain is claimed where the interval holds none."""

from __future__ import annotations

import pytest

from peelian.plan import replayed


def test_the_words_follow_the_interval() -> None:
    assert replayed.verdict(1.2, 1.05, 1.4) == "beats"
    assert replayed.verdict(1.2, 0.95, 1.4) == "cannot be told from"
    assert replayed.verdict(0.8, 0.7, 0.95) == "loses to"


def test_what_is_held_is_said_plainly() -> None:
    notes = replayed.replay_notes()
    assert len(notes) == 1 + len(replayed.replays()) == 4
    assert "shown in none of 3 replays" in notes[0]
    for one, note in zip(replayed.replays(), notes[1:], strict=True):
        for ratio, low, high in (one["last_year"], one["equal_spread"]):
            assert low <= ratio <= high
            assert (f"{ratio:.3f} times" if ratio < 10 else f"{ratio:.0f} times") in note
        assert "cannot be told from last year's count" in note
        assert "beats an equal spread" in note


def test_a_replay_that_wins_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    mine = ({"where": "Here", "last_year": [1.2, 1.1, 1.3]}, {"where": "There", "last_year": [1.0, 0.9, 1.1]})
    monkeypatch.setattr(replayed, "replays", lambda: mine)
    monkeypatch.setattr(replayed, "told", lambda one: one["where"])
    assert "shown in 1 of 2 replays" in replayed.replay_notes()[0]
