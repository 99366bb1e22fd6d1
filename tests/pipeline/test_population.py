"""People by small area: read strictly, spread over cells, never where too few are known."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from peelian.domain.errors import Misuse
from peelian.domain.grid import BRITISH_NATIONAL_GRID_250 as GRID
from peelian.pipeline.context import Context
from peelian.pipeline.gazetteers import import_context, listed
from peelian.pipeline.panel_parents import parents_held
from peelian.pipeline.setting_population import population
from tests.pipeline.test_levels import CELLS, LSOA, collection, write


def table(folder: Path, text: str) -> Path:
    (folder / "people.csv").write_text(text)
    return folder / "people.csv"


def test_people_are_spread_over_the_cells_of_their_area(ctx: Context, tmp_path: Path) -> None:
    assert population(ctx, CELLS, parents_held(ctx, GRID, CELLS)) is None  # no boundaries, no people
    import_context(ctx, "boundaries", write(tmp_path / "lsoa.geojson", collection(LSOA, name="lsoa")))
    held = parents_held(ctx, GRID, CELLS)
    assert held is not None
    assert population(ctx, CELLS, held) is None
    rows = 'lsoa21cd,population\na,"1,200"\nb,400\nc,40\ne,7\n'
    made = import_context(ctx, "population", table(tmp_path, rows))
    assert made.rows == 4
    assert [r["kind"] for r in listed(ctx)] == ["boundaries lsoa", "population"]
    people = population(ctx, CELLS, held)
    assert people is not None
    assert people.sum() == pytest.approx(1640)
    west = np.isin(CELLS, GRID.cell_of(np.array([500_001.0, 500_001.0]), np.array([200_001.0, 200_251.0])))
    assert people[west] == pytest.approx([300, 300])  # a owns 4 cells whole, by the fixed table


def test_a_table_of_another_vintage_is_not_used(ctx: Context, tmp_path: Path) -> None:
    import_context(ctx, "boundaries", write(tmp_path / "lsoa.geojson", collection(LSOA, name="lsoa")))
    import_context(ctx, "population", table(tmp_path, "lsoa11cd,people\na,10\nx,5\n"))
    assert population(ctx, CELLS, parents_held(ctx, GRID, CELLS)) is None


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("lsoa21cd,age\na,3\n", "lacks one column"),
        ("lsoa21cd,population\na,3\na,4\n", "there twice"),
        ("lsoa21cd,population\na,3\nb,many\n", "lines 3"),
        ("lsoa21cd,population\n", "lacks one column"),
    ],
)
def test_bad_tables_are_refused(ctx: Context, tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(Misuse, match=words):
        import_context(ctx, "population", table(tmp_path, text))
