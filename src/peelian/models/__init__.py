"""Forecasters, one module each, plain counts first. Adding one costs a module and a line here."""

from __future__ import annotations

from typing import Final, cast

from peelian.domain.contracts import Forecaster
from peelian.models import (
    five_year_count,
    kde,
    last_period,
    learner,
    promap,
    risk_terrain,
    self_exciting,
    shrunk_decay,
    smoother,
    stack,
    year_count,
)

MODELS: Final[dict[str, Forecaster]] = {
    "last-period": cast(Forecaster, last_period),
    "year-count": cast(Forecaster, year_count),
    "five-year-count": cast(Forecaster, five_year_count),
    "shrunk-decay": cast(Forecaster, shrunk_decay),
    "kde": cast(Forecaster, kde),
    "promap": cast(Forecaster, promap),
    "risk-terrain": cast(Forecaster, risk_terrain),
    "self-exciting": cast(Forecaster, self_exciting),
    "smoother": cast(Forecaster, smoother),
    "learner": cast(Forecaster, learner),
    "stack": cast(Forecaster, stack),
}
BY_NAME: Final = frozenset({"stack"})
"""Compared only when asked for by name: it fits its members again, and has not passed the learner."""
SERVED: Final = "learner"
"""The forecaster served where a backtest has shown it beats the best plain count."""
