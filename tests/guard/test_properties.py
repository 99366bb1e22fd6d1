"""Whatever the text: the detectors answer, never crash, and never repeat a value."""

from __future__ import annotations

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from peelian.guard.barred import barred_feed, barred_name
from peelian.guard.checksums import nhs_valid
from peelian.guard.header import person_shaped as by_header
from peelian.guard.mask import masked
from peelian.guard.spoken import spoken
from peelian.guard.values import harmless, person_shaped


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(max_size=40), max_size=8))
def test_any_text_is_answered(texts: list[str]) -> None:
    person_shaped(pl.Series(texts, dtype=pl.String), header="x")
    assert harmless(pl.Series(texts, dtype=pl.String)).len() == len(texts)
    assert len(spoken(texts)) == len(texts)
    barred_feed(texts, None)
    for text in texts:
        by_header(text)
        barred_name(text)
        assert not any(c.isalnum() and c not in "xX9" for c in masked(text))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 999_999_999), min_size=4, max_size=12, unique=True))
def test_every_column_of_nhs_numbers_is_found(stems: list[int]) -> None:
    numbers = []
    for stem in stems:
        digits = f"{stem:09d}"
        check = (11 - sum(int(d) * (10 - k) for k, d in enumerate(digits)) % 11) % 11
        if check < 10 and len(set(digits + str(check))) > 1:
            numbers.append(digits + str(check))
    if len(numbers) < 4:
        return
    assert pl.DataFrame({"x": numbers}).select(nhs_valid(pl.col("x")).all()).item()
    found = person_shaped(pl.Series(numbers), header="x")
    assert found is not None
    assert not any(number in found.sentence for number in numbers)


@settings(max_examples=40, deadline=None)
@given(st.integers(100_000, 600_000), st.integers(1, 500))
def test_eastings_are_never_people(first: int, step: int) -> None:
    assert person_shaped(pl.Series([first + k * step for k in range(40)]).cast(pl.String), header="x") is None
