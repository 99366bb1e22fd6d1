"""Whatever the file, `map` answers or refuses; and nothing about people or told by people is written."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from peelian.domain.errors import PeelianError
from peelian.propose.propose import propose
from peelian.propose.write import mapping_text
from tests.propose import words
from tests.propose.conftest import Pairs

CELL = st.one_of(
    st.text(max_size=12),
    st.sampled_from(["", "NULL", "inf", "nan", "-1e400", "0", "44970.5", "31/02/2023", "51.5", "E01000001"]),
    st.integers(-(10**12), 10**12).map(str),
)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.text(min_size=0, max_size=15), min_size=1, max_size=6),
    st.lists(st.lists(CELL, min_size=1, max_size=6), min_size=0, max_size=12),
    st.sampled_from([",", ";", "\t", "|"]),
    st.sampled_from(["utf-8", "utf-16", "cp1252"]),
)
def test_any_text_is_answered_or_refused(
    header: list[str], rows: list[list[str]], separator: str, encoding: str
) -> None:
    text = "\n".join(separator.join(row) for row in [header, *rows])
    with TemporaryDirectory() as folder:
        path = Path(folder) / "data.csv"
        path.write_bytes(text.encode(encoding, errors="replace"))
        try:
            proposal = propose(path)
        except PeelianError:
            return
    assert isinstance(yaml.safe_load(mapping_text(proposal)), dict)
    assert all(0 <= line.confidence <= 1 for line in (*proposal.columns, *proposal.facts, *proposal.discard))


def test_nothing_about_people_and_no_narrative_is_written(unseen: Pairs) -> None:
    canaries = [*words.FORENAMES, *words.SURNAMES[:1], "aggrieved", "jewellery", "mail.example"]
    for proposal, _ in unseen:
        text = mapping_text(proposal)
        assert not [word for word in canaries if word in text], proposal.feed
