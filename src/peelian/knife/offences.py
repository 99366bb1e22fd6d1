"""The seven offences that may be knife-enabled, found in what a file calls its offences.

Home Office, "Police National Computer proxy for knife-enabled offenders" (published 7 April 2026):
"assault with injury and assault with intent to cause serious harm, robbery, threats to kill, homicide,
attempted murder, rape, sexual assault". Codes and labels are those of the Counting Rules of April 2010
(violence against the person) and of ONS's crime hierarchy (github.com/ONSdigital/dp-hierarchy-builder,
read November 2026). Which classes the Home Office itself puts under each of the seven was not read: the
assignment below goes by label.
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
POSSESSION: Final = "possession"

_CODES: Final = {
    code: kind
    for kind, codes in {
        "homicide": "1 4/1 4/2 4/10 4.1 4.2 4.10 1-4.1-4.10-4.2 1/4.1/4.10/4.2",
        "attempted-murder": "2",
        "threats-to-kill": "3b",
        "assault-with-injury": "5a 5d 8f 8g 8h 8j 8n 8p 8s",
        "robbery": "34a 34b",
        "rape": "19c 19d 19e 19f 19g 19h",
        "sexual-assault": "17a 17b 20a 20b",
        POSSESSION: "10a 10b 10c 10d 81 90",
        OUTSIDE: "3a 5e 8l 8m 8q 9a 9b 36 62a 66 104 105a 105b 4.4 4.6 4.8 4.9 37.1",
    }.items()
    for code in codes.split()
}
_NAMES: Final = (
    (r"attempt\w*(?: to)?[ -](?:commit )?murder", "attempted-murder"),
    (r"threats?[ -]to[ -]kill", "threats-to-kill"),
    (r"possess\w*|article with (?:a )?blade|bladed? or point\w*|offensive weapon", POSSESSION),
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
    """Give one of `SEVEN`, `possession`, `outside`, or null where the words do not say (such as "violence").

    Takes a file's own words or codes, our groups, or what this function gave before.
    """
    text = pl.col("o").cast(pl.String).str.strip_chars().str.to_lowercase()
    ours = {name: name for name in (*SEVEN, OUTSIDE, POSSESSION)}
    groups = {name: OUTSIDE for name in GROUPS if name not in _IN_OR_UNSURE}
    groups["weapons-possession"] = POSSESSION
    exact = text.replace_strict(_CODES | groups | ours, default=None, return_dtype=pl.String)
    named = (pl.when(text.str.contains(words)).then(pl.lit(kind)) for words, kind in _NAMES)
    frame = pl.DataFrame({"o": offences.cast(pl.String)})
    distinct = frame.unique().with_columns(kind=pl.coalesce(exact, *named))
    return frame.join(distinct, on="o", how="left", nulls_equal=True, maintain_order="left")["kind"].alias(
        "kind"
    )
