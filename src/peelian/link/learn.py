"""Learn the parameters without labels: Splink's expectation maximisation over candidate pairs."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import polars as pl

from peelian.domain.errors import Refused
from peelian.link.agreement_levels import DENSITY_LEVELS, guess, learning_rule, settings
from peelian.link.density import intensity
from peelian.link.evidence import splink_linker
from peelian.link.parameters import Parameters
from peelian.link.reports import linkable

FEWEST: Final = 2000
LEAST: Final = 1e-5
QUIET_SHARE: Final = 0.5
"""Learning reads the quieter half of reports: in a crowd, EM takes chance neighbours for matches."""


def learn(reports: pl.DataFrame, version: str) -> Parameters:
    """Learn how reports of one incident differ, from the reports alone (Winkler 1988's EM, in Splink).

    How crowded a place and hour is enters as a comparison of its own while learning, so that the chance of
    a match may fall with it; scoring then uses the intensity itself.

    Raises:
        Refused: too few reports to learn from.
    """
    rows = linkable(reports)
    if rows.height < FEWEST:
        raise Refused(f"{rows.height} reports are too few to learn from", expected=f"{FEWEST} or more")
    rate = intensity(*(rows[n].to_numpy() for n in ("easting", "northing", "hour")))
    quiet = rate <= np.quantile(rate, QUIET_SHARE)
    rows, rate = rows.filter(pl.Series(quiet)), rate[quiet]
    cuts = np.quantile(rate, np.linspace(0, 1, DENSITY_LEVELS + 1)[1:-1])
    rows = rows.with_columns(density=pl.Series(np.searchsorted(cuts, rate)))
    said = rows["armed"].drop_nulls().to_numpy()
    armed = min(max(float(said.mean()) if len(said) else 0.0, 1e-3), 0.5)
    linker = splink_linker(rows, settings(guess(armed), density=True))
    linker.training.estimate_parameters_using_expectation_maximisation(
        learning_rule(), fix_u_probabilities=False
    )
    return _read(linker, version)


def _read(linker: Any, version: str) -> Parameters:
    found: dict[str, list[tuple[float, float]]] = {}
    for comparison in linker.misc.save_model_to_json()["comparisons"]:
        found[comparison["output_column_name"]] = [
            (float(level["m_probability"]), float(level["u_probability"]))
            for level in comparison["comparison_levels"]
            if not level.get("is_null_level")
        ]

    def column(name: str, side: int) -> tuple[float, ...]:
        values = [max(pair[side], LEAST) for pair in found[name]]
        return tuple(round(v / sum(values), 6) for v in values)

    return Parameters(
        version, column("place", 0), column("time", 0), column("kind", 0), column("kind", 1),
        column("knife", 0), column("knife", 1),
    )  # fmt: skip
