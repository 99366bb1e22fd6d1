"""What the first batch would otherwise wait for."""

from __future__ import annotations

import polars as pl


def warm() -> None:
    """Load compiled digests and the lists of names."""
    from peelian.domain.digest import digest_strings
    from peelian.guard.several import kinds_of_each

    word = pl.DataFrame({"at": [0], "text": ["market"]})
    digest_strings([word["text"]], "warm")
    kinds_of_each(word, lambda _at: None)
