from __future__ import annotations

import numpy as np

from peelian.simulate.truth import triggered
from peelian.simulate.world import World


def test_what_a_period_triggers_within_itself_is_not_foreseen(tiny: World) -> None:
    full, known = triggered(tiny, "week"), triggered(tiny, "week", foreseeable=True)
    assert (known <= full + 1e-12).all()
    assert known[:, 0].sum() == 0  # nothing is held before the first period
    # a mean lag of a week or two leaves a third to a half of a week's triggered events to the week itself
    assert 0.4 < known.sum() / full.sum() < 0.9
    assert np.isfinite(known).all()
