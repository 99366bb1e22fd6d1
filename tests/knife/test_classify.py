"""Offence, weapon code and narrative put together; words of a closed vocabulary only."""

from __future__ import annotations

import re
from unicodedata import category

import polars as pl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from peelian.knife import classify, kind_of, read_narratives
from peelian.knife.vocabulary import (
    ACTS,
    NO_MENTION,
    NOTHING_GIVEN,
    OBJECTS,
    OUTSIDE,
    POSSESSION,
    SET_ASIDE,
    WEAPONS,
)
from tests.knife.narratives import load

WORDS = sorted(
    {*ACTS, *OBJECTS.values(), *SET_ASIDE, NO_MENTION, NOTHING_GIVEN, OUTSIDE, POSSESSION, "not counted"}
    | {f"weapon code: {weapon}" for weapon in WEAPONS},
    key=len,
    reverse=True,
)
CLOSED = re.compile("|".join(map(re.escape, WORDS)))


def one(text: str | None = None, weapon: str | None = None, offence: str | None = None) -> tuple[str, str]:
    told = classify(*(pl.Series([value], dtype=pl.String) for value in (text, weapon, offence)))
    knife, why = told.row(0)
    return str(knife), str(why)


def closed(why: str) -> bool:
    return not re.sub(r"[;:, ]", "", CLOSED.sub("", why))


@pytest.mark.parametrize(
    ("text", "weapon", "offence", "band"),
    [
        (None, None, "8N", "unknown"),
        ("  ", None, None, "unknown"),
        (None, "unknown", None, "unknown"),
        ("Punched outside shop", None, None, "none"),
        (None, "knife", "34B", "high"),
        (None, "sharp object", None, "high"),
        (None, "glass", None, "low"),
        ("Glassed in the face by stranger", "glass", None, "high"),
        (None, "blunt object", None, "none"),
        ("No knife seen, punched", "knife", "8N", "medium"),  # at odds: less sure than either
        ("Stabbed in the arm", "none", "8N", "medium"),
        ("Stabbed in the arm", "unknown", "8N", "high"),
        ("Stabbed in the arm", None, "Burglary", "low"),  # outside the seven
        ("Stabbed in the arm", None, "violence", "high"),  # our group does not say which offence
        ("Lock knife found on search", "knife", "Possession of article with blade or point", "none"),
        ("He said he would stab him", None, None, "low"),
        ("Believed to have had a knife under his coat, phone taken", None, "Robbery", "medium"),
    ],
)  # fmt: skip
def test_bands(text: str | None, weapon: str | None, offence: str | None, band: str) -> None:
    knife, why = one(text, weapon, offence)
    assert knife == band, why
    assert closed(why)


def test_the_words_that_decided_are_said() -> None:
    assert one("Suspect produced a machete and demanded phone")[1] == "threat: large blade"
    assert one("No knife seen. Punched.")[1] == "not counted: negated"
    assert one("Cut his finger slicing onions with a knife, accidental")[1].startswith("not counted: ")
    assert one("Punched in face")[1] == NO_MENTION
    assert one(None, "knife", "Robbery")[1] == "weapon code: knife"


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("Murder", "homicide"), ("1", "homicide"), ("Attempted murder", "attempted-murder"),
        ("2", "attempted-murder"), ("3B", "threats-to-kill"), ("Threats to kill", "threats-to-kill"),
        ("8N", "assault-with-injury"), ("5D", "assault-with-injury"),
        ("Assault with injury", "assault-with-injury"),
        ("Assault with intent to cause serious harm", "assault-with-injury"),
        ("s18 wounding", "assault-with-injury"), ("Robbery of personal property", "robbery"),
        ("34A", "robbery"), ("Rape of a female aged 16 and over", "rape"), ("19C", "rape"),
        ("Sexual assault on a male aged 13 and over", "sexual-assault"), ("20A", "sexual-assault"),
        ("Assault without injury", "outside"), ("Common assault", "outside"), ("burglary", "outside"),
        ("10D", "possession"), ("weapons-possession", "possession"), ("violence", None),
        ("ed-assault", None), ("", None), (None, None),
    ],
)  # fmt: skip
def test_the_seven_offences(words: str | None, kind: str | None) -> None:
    found = kind_of(pl.Series([words], dtype=pl.String))
    assert found.to_list() == [kind]
    assert kind_of(found).to_list() == [kind]  # what it gave, it knows again


PIECES = st.sampled_from(
    [word for text in load("tuning")["text"] for word in text.split()]
    + ["knife", "no", "stabbed", ".", ",", "if", "ZQXJ", "\n", "[x]", "W_KNIFE", "NONE", "é", "\x00", "~"]
)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.lists(PIECES, max_size=25).map(" ".join) | st.text(max_size=60), min_size=1, max_size=4))
@example(texts=["\x1f", "\x00 \t", "\u2003", "\x85a"])
def test_any_text_gets_a_band_and_none_of_it_comes_back(texts: list[str]) -> None:
    told = read_narratives(pl.Series(texts, dtype=pl.String))
    assert told.height == len(texts)
    assert set(told["knife"]) <= {"none", "low", "medium", "high", "unknown"}
    assert all(closed(why) for why in told["why"])
    for text, knife in zip(texts, told["knife"], strict=True):
        assert (knife == "unknown") == all(sign.isspace() or category(sign) == "Cc" for sign in text)


def test_rows_do_not_bear_on_one_another() -> None:
    texts = load("tuning")["text"]
    whole = read_narratives(texts)
    alone = pl.concat([read_narratives(texts.slice(at, 7)) for at in range(0, len(texts), 7)])
    assert whole.equals(alone)
    shuffled = texts.sample(fraction=1.0, shuffle=True, seed=4)
    again = pl.DataFrame({"t": shuffled}).hstack(read_narratives(shuffled))
    assert again.sort("t").equals(pl.DataFrame({"t": texts}).hstack(whole).sort("t"))
