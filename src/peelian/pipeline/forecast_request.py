"""What a forecast is asked for, and the checks that need no data: a slip is told before anything loads."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from peelian.domain.errors import Misuse
from peelian.domain.target import target_named
from peelian.domain.time import EVERY, Every, check_origin
from peelian.models import MODELS
from peelian.pipeline.rare_targets import check_window


@dataclass(frozen=True)
class ForecastRequest:
    """What was asked for."""

    target: str
    every: Every
    origin: date
    horizon: int = 1
    window: int = 1
    area: str | None = None
    model: str | None = None
    as_of: datetime | None = None
    seed: int = 1
    snapshot: int | None = None
    """Read nothing taken in after this snapshot: makes a run of it again, whatever came since."""
    fitted_at: date | None = None
    """Learn from what was known at this earlier origin; default: the fit in force, else the origin itself."""
    harm: bool = False
    """Also weigh the forecast by the harm weights held."""
    for_evaluation: bool = False
    """Allow a window too short for a rare target: to be scored, not used."""


def check_request(request: ForecastRequest) -> None:
    """Check what can be checked before any data are read.

    Raises:
        Misuse: with the choices.
    """
    if request.every not in (*EVERY, "shift"):
        raise Misuse(f"--every {request.every} is not known", expected=", ".join((*EVERY, "shift")))
    if request.every == "shift" and request.harm:
        raise Misuse("harm is not weighed by shift", do="use --every day, week or month")
    if request.every == "shift" and request.window != 1:
        raise Misuse(
            "--window is of whole periods, and a shift is forecast by itself", do="leave --window out"
        )
    for name, value in (("horizon", request.horizon), ("window", request.window)):
        if value < 1:
            raise Misuse(f"--{name} is under 1", expected="a whole number of periods, 1 or more")
    if request.model is not None and request.model not in MODELS:
        raise Misuse(f"unknown model {request.model!r}", expected=", ".join(MODELS), do="choose with --model")
    check_window(target_named(request.target), request.every, request.window, request.for_evaluation)
    check_origin(request.origin, request.every)
    if request.fitted_at is not None and request.fitted_at > request.origin:
        raise Misuse("a fit cannot have learned from after the origin", do="choose an earlier --fitted-at")
