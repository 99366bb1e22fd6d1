"""What a run's own backtest says of the model it shows, once that has ended."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

UNCHECKED: Final = "Not yet compared with the plain count"
"""So a run's card begins where no backtest had ended when the forecast was made."""


def said_of(folder: Path, model: str, on_card: str) -> str:
    """Give why the model is shown: the card's words, or its own backtest's where the card had none to tell.

    A backtest that would serve another model than the one shown leaves the card's words as they are.
    """
    path = folder / "evaluation.json"
    if not on_card.startswith(UNCHECKED) or not path.is_file():
        return on_card
    verdict = json.loads(path.read_text("utf-8")).get("verdict") or {}
    return str(verdict.get("sentence") or on_card) if verdict.get("served") == model else on_card
