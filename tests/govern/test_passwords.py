"""A password made of this place's own words is refused, however long it is."""

from __future__ import annotations

from pathlib import Path

import pytest

from peelian.domain.errors import Misuse
from peelian.govern.passwords import LOCAL_WORDS, MOST, check_password, hash_password, right_password

DOCS = Path(__file__).resolve().parents[2] / "docs" / "how-to" / "sign-in.md"


@pytest.mark.parametrize("word", LOCAL_WORDS)
def test_words_of_this_place_do_not_count(word: str) -> None:
    for typed in (f"{word}-{word}-2026", f"{word.upper()}{word}1!"):
        with pytest.raises(Misuse, match="will not do"):
            check_password(typed, "a1001")
    assert check_password(f"{word}-marble-otter-lamp", "a1001")


def test_a_password_is_compared_whole() -> None:
    longest = "".join(f"{n:04d}" for n in range(MOST // 4))
    kept = hash_password(longest)
    assert right_password(kept, longest)
    assert not right_password(kept, longest + "x")
    assert not right_password(kept, longest[:-1])


def test_the_words_are_documented() -> None:
    said = DOCS.read_text(encoding="utf-8")
    assert [word for word in LOCAL_WORDS if word not in said] == []
