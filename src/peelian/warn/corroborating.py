"""What detectors that raise nothing say of a warning that others raised: support, silence, or why neither.

They spend none of the budget of false warnings: nothing of theirs starts, widens or strengthens a warning.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from peelian.domain.contracts import Detector
from peelian.domain.series import Series
from peelian.domain.time import Every
from peelian.domain.warning import Corroboration, DetectorSpec, Found, Signal
from peelian.warn import CORROBORATING
from peelian.warn.merge import Group, overlap
from peelian.warn.words import counted

SILENT = "nothing here that stands out"


def corroboration(
    group: Group, looked: Mapping[str, tuple[Series, Found]], reach: dict[str, float], coarse: bool,
    detectors: Mapping[str, Detector] = CORROBORATING,
) -> tuple[Corroboration, ...]:  # fmt: skip
    """Give what each detector that looked says of a group of signals, in the order in which they looked.

    A finding supports where it shares weeks and ground with a signal that raised. `coarse` leaves out each
    detector's own sentence, which could name a smaller place. `reach` is half the spacing of places, by
    support.
    """
    return tuple(
        _said(group, series, found, detectors[name].SPEC, reach, coarse)
        for name, (series, found) in looked.items()
    )


def _said(
    group: Group, series: Series, found: Found, spec: DetectorSpec, reach: dict[str, float], coarse: bool
) -> Corroboration:
    name, title = spec.id, spec.title
    if found.unable:
        return Corroboration(name, title, False, f"cannot say: {found.unable}")
    near = [one for one in found.signals if any(overlap(r.signal, one, reach) for r in group.strong)]
    if not near:
        return Corroboration(name, title, False, SILENT)
    first = strongest(near)
    said = counted(first) if coarse or not first.why else first.why
    return Corroboration(name, title, True, f"{said}; {chance_words(first, series.every)}")


def strongest(signals: Sequence[Signal]) -> Signal:
    """Give the signal with the smallest chance; of equals the first by place."""
    return min(signals, key=lambda one: (one.p, one.places))


def chance_words(signal: Signal, every: Every) -> str:
    """Say how often so strong a finding comes when nothing has changed: anywhere, or in this very place.

    >>> from datetime import date
    >>> day = date(2026, 9, 7)
    >>> one = Signal("scan", "asb", "cell", ("1",), day, day, 9, 3.0, 0.02, 0.0, 0.0, 500.0, True)
    >>> chance_words(one, "week")
    'by chance one as strong comes anywhere in the area in 2 % of weeks'
    """
    where = "anywhere in the area" if signal.adjusted else "here, of all places alone,"
    many = f"{signal.p:.0%}".replace("%", " %") if signal.p >= 0.01 else "under 1 %"
    return f"by chance one as strong comes {where} in {many} of {every}s"
