"""The scan of many columns at once finds what the scan of each finds."""

from __future__ import annotations

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from peelian.guard.several import kinds_of_each
from peelian.guard.values import person_shaped

WORDS = (
    "John Smith", "Sarah Jones", "Smith", "Kelly", "High Street", "ASB-N", "07700 900123", "7700900123",
    "7700900456", "7712900456", "7723900456", "447700900999", "01632 960001", "a@example.com", "AB12 CDE",
    "943 476 5919", "9434765919", "QQ 12 34 56 C", "AB 12 34 56 C", "12 High Street", "192.168.0.1",
    "490154203237518", "@someone",
    "01/02/1961", "14/09/1975", "03/03/1988", "1990-04-05", "01/02/2024", "2024-02-01", "Mr Brown",
    "STM-20240201-0011", "530000", "180000.5", "", "  ", "Victoria Road", "Dr  Patel", "OPEN",
    "he was seen to go round the back of the shop and then came out again with a bag",
)  # fmt: skip
COLUMNS = st.lists(
    st.lists(st.one_of(st.none(), st.sampled_from(WORDS)), max_size=12), min_size=1, max_size=5
)


@settings(max_examples=60, deadline=None)
@given(COLUMNS, st.one_of(st.none(), st.just(2024)))
def test_many_at_once_are_as_one_by_one(columns: list[list[str | None]], year: int | None) -> None:
    at = [k for k, column in enumerate(columns) for _ in column]
    texts = [text for column in columns for text in column]
    frame = pl.DataFrame({"at": at, "text": texts}, schema={"at": pl.UInt32, "text": pl.String})
    found = kinds_of_each(frame, lambda _at: year)
    for k, column in enumerate(columns):
        series, alone, spare = pl.Series(column, dtype=pl.String), [], frozenset[str]()
        while one := person_shaped(series, header="", event_year=year, spare=spare):
            alone.append(one.kind)
            spare |= {one.kind}
        assert list(dict.fromkeys(found.get(k, ()))) == alone
