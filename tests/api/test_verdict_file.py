"""A run made before its backtest ended does not go on saying that it was not compared."""

from __future__ import annotations

import json
from pathlib import Path

from peelian.api.verdict_file import said_of
from peelian.pipeline.gating import BY_HAND, UNCHECKED


def test_the_verdict_takes_the_place_of_not_yet_compared_and_of_nothing_else(tmp_path: Path) -> None:
    assert said_of(tmp_path, "learner", UNCHECKED) == UNCHECKED
    said = {"verdict": {"served": "learner", "sentence": "“Learned” is served: it did better."}}
    (tmp_path / "evaluation.json").write_text(json.dumps(said))
    assert said_of(tmp_path, "learner", UNCHECKED) == "“Learned” is served: it did better."
    assert said_of(tmp_path, "kde", UNCHECKED) == UNCHECKED, "another model than the one shown was found good"
    assert said_of(tmp_path, "learner", BY_HAND) == BY_HAND
