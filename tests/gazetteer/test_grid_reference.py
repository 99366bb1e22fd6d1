"""Grid references: worked by hand, every letter pair of Britain, and precision as written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from peelian.gazetteer.grid_reference import IN_TEXT, square_origin, to_point

# Rows of 100 km from the north, as on the National Grid's own index map; `.` lies off it.
ROWS = """
HL HM HN HO HP JL JM
HQ HR HS HT HU JQ JR
HV HW HX HY HZ JV JW
NA NB NC ND NE OA OB
NF NG NH NJ NK OF OG
NL NM NN NO NP OL OM
NQ NR NS NT NU OQ OR
NV NW NX NY NZ OV OW
SA SB SC SD SE TA TB
SF SG SH SJ SK TF TG
SL SM SN SO SP TL TM
SQ SR SS ST SU TQ TR
SV SW SX SY SZ TV TW
"""
LINES = ROWS.strip().splitlines()


def test_every_square_of_britain() -> None:
    for down, line in enumerate(LINES):
        for across, letters in enumerate(line.split()):
            assert square_origin(letters) == (across * 100_000, (12 - down) * 100_000), letters
    assert square_origin("AA") is None
    assert square_origin("SI") is None  # the letter I is not used


@pytest.mark.parametrize(
    ("text", "easting", "northing", "precision"),
    [
        ("SU 123 456", 412_350, 145_650, 70.7),  # 100 m: centre 50 m in, half the diagonal 70.7
        ("su123456", 412_350, 145_650, 70.7),
        ("SU14", 415_000, 145_000, 7071.1),
        ("TQ 30 80", 530_500, 180_500, 707.1),
        ("TG 5140 1317", 651_405, 313_175, 7.1),
        ("TG 51409 13177", 651_409.5, 313_177.5, 1.0),
        ("SV 000 000", 50, 50, 70.7),
        ("HP 6 0", 465_000, 1_205_000, 7071.1),
    ],
)
def test_by_hand(text: str, easting: float, northing: float, precision: float) -> None:
    point = to_point(text)
    assert point is not None
    assert (point.easting, point.northing, point.precision_m) == (easting, northing, precision)


@pytest.mark.parametrize(
    "text", ["", "SU", "SU 123", "SU 123 4567", "S 123 456", "SU 123456 123456", "AA 11", "12 SU"]
)
def test_what_is_none(text: str) -> None:
    assert to_point(text) is None


def test_in_running_text_only_capitals_with_six_digits_or_more() -> None:
    assert IN_TEXT.search("field at SU 123 456 by the gate")
    assert not IN_TEXT.search("went to 123 456")
    assert not IN_TEXT.search("unit SO 1234")


@given(st.integers(0, 699_999), st.integers(0, 1_299_999), st.integers(1, 5))
def test_a_point_written_as_a_reference_is_found_within_its_precision(e: int, n: int, half: int) -> None:
    letters = LINES[12 - n // 100_000].split()[e // 100_000]
    side = 10 ** (5 - half)
    text = f"{letters}{e % 100_000 // side:0{half}d}{n % 100_000 // side:0{half}d}"
    point = to_point(text)
    assert point is not None
    assert ((point.easting - e) ** 2 + (point.northing - n) ** 2) ** 0.5 <= point.precision_m + 0.1


@given(st.text(max_size=30))
def test_any_text_is_read_or_not_but_never_breaks(text: str) -> None:
    point = to_point(text)
    assert point is None or (0 <= point.easting <= 700_000 and 0 <= point.northing <= 1_300_000)
