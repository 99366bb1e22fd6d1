"""Area codes as published: which kind of area a code names, and what is too small to be shared.

The first three characters of a nine-character code of the Government Statistical Service say the kind (list
of December 2022 as on Wikipedia, "Super output areas", read November 2026). Fictional codes begin with X.
"""

from __future__ import annotations

from typing import Final

import polars as pl

KINDS: Final[dict[str, str]] = {
    "E01": "lsoa", "W01": "lsoa", "X01": "lsoa", "E02": "msoa", "W02": "msoa", "X02": "msoa",
    "E05": "ward", "W05": "ward", "X05": "ward",
    "E06": "district", "W06": "district", "X06": "district", "E07": "district", "E08": "district",
    "E09": "district", "E10": "county",
    "E22": "csp", "W14": "csp", "X22": "csp", "E23": "force", "W15": "force", "X23": "force",
}  # fmt: skip
_CODE: Final = r"^[EWX]\d{8}$"
_TOO_SMALL: Final = (
    r"^[EWX]00\d{6}$",  # output areas
    r"^[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}$",  # postcodes
    r"^[A-Z]{2} ?\d{2,5} ?\d{2,5}$",  # grid references
    r"^\d+$",  # cells, streets, premises
    r"^-?\d+\.\d+ ?[,;] ?-?\d+\.\d+$",  # points
)


def code_of(column: str) -> pl.Expr:
    """Give the code as published, trimmed and in capitals; null where there is none."""
    return pl.col(column).cast(pl.String).str.strip_chars().str.to_uppercase().replace("", None)


def kind_of(code: pl.Expr) -> pl.Expr:
    """Give the kind of area, null where the code is of no known kind."""
    kind = code.str.slice(0, 3).replace_strict(KINDS, default=None, return_dtype=pl.String)
    return pl.when(code.str.contains(_CODE)).then(kind)


def too_small(code: pl.Expr) -> pl.Expr:
    """Say whether a code names something smaller than an LSOA."""
    return pl.any_horizontal(code.str.contains(pattern) for pattern in _TOO_SMALL)
