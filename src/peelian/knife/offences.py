"""The seven offences that may be knife-enabled, found in what a file calls its offences.

Home Office, "Police National Computer proxy for knife-enabled offenders" (published 7 April 2026): "assault
with injury and assault with intent to cause serious harm, robbery, threats to kill, homicide, attempted
murder, rape, sexual assault". The codes are those read in the Counting Rules of April 2010 (violence against
the person); later codes of the same offences were not read, so they are recognised by name only.
"""

from __future__ import annotations

from typing import Final

import polars as pl

from peelian.domain.offence import GROUPS

SEVEN: Final = (
    "homicide", "attempted-murder", "threats-to-kill", "assault-with-injury", "robbery", "rape",
    "sexual-assault",
)  # fmt: skip
OUTSIDE: Final = "outside"

_CODES: Final = {
    "1": "homicide", "4/1": "homicide", "4/2": "homicide", "4/10": "homicide", "2": "attempted-murder",
    "3b": "threats-to-kill", "5a": "assault-with-injury", "8f": "assault-with-injury",
    "8g": "assault-with-injury", "8h": "assault-with-injury", "8j": "assault-with-injury",
    "10c": OUTSIDE, "10d": OUTSIDE, "8l": OUTSIDE, "9a": OUTSIDE,
}  # fmt: skip
_NAMES: Final = (
    (r"attempt\w*(?: to)?[ -](?:commit )?murder", "attempted-murder"),
    (r"threats?[ -]to[ -]kill", "threats-to-kill"),
    (r"possess\w*|article with (?:a )?blade|bladed? or point\w*|offensive weapon", OUTSIDE),
    (r"homicide|murder|manslaughter|infanticide", "homicide"),
    (r"robber\w*|lladrad", "robbery"),
    (r"\brape\b|trais\b", "rape"),
    (r"sexual(?:ly)?[ -](?:assault\w*|touching)|assault\w* by penetration", "sexual-assault"),
    (r"without injury|common assault|no injury", OUTSIDE),
    (r"assault\w* (?:with|occasioning|causing|w/) ?(?:injury|actual|intent|serious|a knife)|\bgbh\b|\babh\b|"
     r"grievous bodily|actual bodily|wounding|intent to cause serious harm|\bs(?:ection)? ?(?:18|20|47)\b",
     "assault-with-injury"),
    (r"harass\w*|stalking|public order|burglar\w*|criminal damage|\bdrugs?\b|shoplift\w*|bicycle theft|"
     r"vehicle crime|other theft|anti.?social|nuisance|drunk", OUTSIDE),
)  # fmt: skip
_IN_OR_UNSURE: Final = frozenset({"violence", "robbery", "ambulance-assault", "ed-assault"})


def kind_of(offences: pl.Series) -> pl.Series:
    """Give one of `SEVEN`, `outside`, or null where the words do not say (such as "violence").

    Takes a file's own words or codes, our groups, or what this function gave before.
    """
    text = pl.col("o").cast(pl.String).str.strip_chars().str.to_lowercase()
    ours = {name: name for name in (*SEVEN, OUTSIDE)}
    groups = {name: OUTSIDE for name in GROUPS if name not in _IN_OR_UNSURE}
    exact = text.replace_strict(_CODES | groups | ours, default=None, return_dtype=pl.String)
    named = (pl.when(text.str.contains(words)).then(pl.lit(kind)) for words, kind in _NAMES)
    frame = pl.DataFrame({"o": offences.cast(pl.String)})
    distinct = frame.unique().with_columns(kind=pl.coalesce(exact, *named))
    return frame.join(distinct, on="o", how="left", nulls_equal=True, maintain_order="left")["kind"].alias(
        "kind"
    )
