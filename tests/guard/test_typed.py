"""A person's data in a typed sentence is noticed; words about places and teams are not."""

from __future__ import annotations

import pytest

from peelian.domain.errors import Misuse
from peelian.guard.typed import person_in, sound_step


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("spoke to Mrs Smith about it", "a name"), ("known to officers as David Jones", "a name"),
        ("mail jo@x.example", "an e-mail address"), ("ring 07700 900123 first", "a phone number"),
        ("call 01632 960123", "a phone number"), ("outside 12 Mill Lane", "an address"),
        ("at 4 station road", "an address"), ("Flat 2, the tower", "an address"),
        ("a car AB12 CDE was there", "a vehicle mark"), ("PNC 12/34567X", "a PNC number"),
        ("Siân Davies yn y siop", "a name"), ("with Chloë Evans", "a name"),
        ("Ffion Jones said so", "a name"),
        ("DOB 12/03/1990", "a date of birth"), ("he was born on 3.4.1981", "a date of birth"),
        ("look at @johnsmith99", "a name on a social network"),
        ("insta: dave_j", "a name on a social network"),
        ("see https://facebook.com/john.smith", "a name on a social network"),
    ],
)  # fmt: skip
def test_persons_are_noticed(text: str, kind: str) -> None:
    assert person_in(text) == kind


@pytest.mark.parametrize(
    "text",
    [
        "", "read at the morning meeting; North team to walk the site on Tuesday", "12 street wardens",
        "Victoria Park lights repaired", "Community Safety Partnership, Park Rangers", "we must not miss it",
        "seen 24/11/2026, ref 12/34567", "lights out on Mill Lane and High Street", "2 visits in Park Road",
        "born of need, 24/11/2026", "meet @ 6 on Mill Lane", "snap locks mended", "see kent.police.uk/lights",
        "Neighbourhood Team North", "youth outreach, 3 evenings a week for 6 weeks",
    ],
)  # fmt: skip
def test_places_and_teams_are_not(text: str) -> None:
    assert person_in(text) is None


@pytest.mark.parametrize("name", ["reason", "agency", "team", "intervention"])
def test_no_word_of_a_step_may_name_anyone_and_the_refusal_does_not_either(name: str) -> None:
    words = {"reason": "agreed", "agency": "council", "team": "ASB team", "intervention": "lights"}
    to = "acted" if name == "intervention" else "assigned"
    sound_step(to, **words)
    with pytest.raises(Misuse) as caught:
        sound_step(to, **words | {name: "Mr David Jones"})
    assert "Jones" not in caught.value.sentence
