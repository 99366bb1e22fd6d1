"""A view as a PDF of one or two pages: picture, top places, notice and run id, set by typst (no browser)."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any, Final

from peelian.api.export_picture import picture
from peelian.api.export_table import notice
from peelian.api.layers import Layer
from peelian.api.listing import list_places
from peelian.api.run_folder import Run
from peelian.api.wording import CERTAINTY_LABELS, number

TOP: Final = 25
_TEMPLATE: Final = Path(__file__).parent / "typst" / "view.typ"


def page(run: Run, layer: Layer, step: int) -> bytes:
    """Give the PDF (tagged, so that a screen reader reads table and headings)."""
    import typst  # late: a plain page must not wait for it

    with tempfile.TemporaryDirectory(prefix="peelian-pdf-") as folder:
        root = Path(folder)
        (root / "view.png").write_bytes(picture(run, layer, step, words=False))
        (root / "view.typ").write_bytes(_TEMPLATE.read_bytes())
        # What comes from data goes in as JSON, never as markup.
        (root / "view.json").write_text(json.dumps(_said(run, layer, step), ensure_ascii=False), "utf-8")
        made = typst.compile(str(root / "view.typ"), root=folder, format="pdf")
    return bytes(made)


def _said(run: Run, layer: Layer, step: int) -> dict[str, Any]:
    rows = [
        [str(row.rank), row.name, "not held" if row.mean is None else number(row.mean),
         "not held" if row.q05 is None else f"{row.q05} to {row.q95}", row.words,
         "not held" if row.last_year is None else f"{row.last_year:g}", CERTAINTY_LABELS[row.certainty]]
        for row in list_places(run, step, limit=TOP).rows
    ]  # fmt: skip
    return {
        "area": str(run.card["area"]["name"]), "layer": layer.title, "words": layer.words,
        "when": run.label(step), "title": run.title, "notice": notice(run), "run": run.id,
        "model": run.model_title, "served": run.served_sentence, "rows": rows,
        "alt": f"Map of {run.card['area']['name']}: {layer.title}. The table holds the highest places.",
    }  # fmt: skip
