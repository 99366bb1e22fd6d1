"""Whether two counts differ by more than chance would make them: said in words."""

from __future__ import annotations

from typing import Final

LEVEL: Final = 0.05
"""How rarely two equal rates would give counts as far apart as those told to differ."""


def usual_words(now: float | None, before: float | None) -> str:
    """Say how a count stands to one of an equally long time before.

    Two Poisson counts of equal rates split like coins, whatever the rate: the conditional test. Counts that
    vary more than Poisson ones are told to differ a little too often.

    >>> usual_words(12, 10), usual_words(30, 10), usual_words(2, 14), usual_words(3, None)
    ('within usual variation', 'more than usual variation', 'fewer than usual variation', 'not known')
    """
    if now is None or before is None:
        return "not known"
    both = round(now) + round(before)
    if both == 0:
        return "within usual variation"
    from scipy.stats import binomtest  # late: it costs a second, and few pages need it

    if binomtest(round(now), both, 0.5).pvalue >= LEVEL:
        return "within usual variation"
    return "more than usual variation" if now > before else "fewer than usual variation"
