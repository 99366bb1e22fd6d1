"""A partnership's own kinds: they replace or add; a bad file changes nothing; powers stay powers."""

from __future__ import annotations

from pathlib import Path

import pytest

from peelian.domain.errors import Misuse
from peelian.pipeline.context import Context
from peelian.pipeline.gazetteers import import_context, listed
from peelian.plan.catalogue.load import held, kind_named, shipped
from peelian.plan.options import options

WARDENS = (Path(__file__).parents[2] / "src/peelian/plan/catalogue/kinds/mediation.toml").read_text()


def test_own_kinds_replace_those_of_an_id_and_add_others(ctx: Context, tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text(WARDENS.replace("Mediation between neighbours", "Our mediators"))
    (tmp_path / "b.toml").write_text(WARDENS.replace('"mediation"', '"park wardens"'))
    made = import_context(ctx, "interventions", tmp_path)
    assert (made.places, made.rows, made.replaced) == ({"added": 1, "replacing": 1}, 2, False)
    kinds = held(ctx.ws.home)
    assert len(kinds) == len(shipped()) + 1
    assert kind_named("mediation", kinds).title == "Our mediators"
    assert "park wardens" in [one.kind for one in options("estate", (), "asb", "stable", kinds).unproven]
    assert [row["kind"] for row in listed(ctx)] == ["interventions"]


def test_an_import_replaces_the_own_kinds_held_before(ctx: Context, tmp_path: Path) -> None:
    for name in ("first", "second"):
        path = tmp_path / f"{name}.toml"
        path.write_text(WARDENS.replace('"mediation"', f'"{name} wardens"'))
        import_context(ctx, "interventions", path)
    ids = {kind.id for kind in held(ctx.ws.home)}
    assert "second wardens" in ids
    assert "first wardens" not in ids


@pytest.mark.parametrize(
    "body",
    [
        WARDENS.replace('"mediation"', '"face recognition van"'),
        WARDENS.replace("Mediation between neighbours", "Dispersal zone"),
        WARDENS.replace('"unknown"', '"about £40"', 1),
        "not toml at all = = =",
    ],
)
def test_a_file_that_breaks_a_rule_changes_nothing(ctx: Context, tmp_path: Path, body: str) -> None:
    path = tmp_path / "own.toml"
    path.write_text(body)
    with pytest.raises(Misuse) as said:
        import_context(ctx, "interventions", path)
    assert "£40" not in said.value.sentence  # never the file's content
    assert held(ctx.ws.home) == shipped()
    assert listed(ctx) == []


def test_no_such_file_and_an_empty_folder_are_refused(ctx: Context, tmp_path: Path) -> None:
    for path in (tmp_path / "none.toml", tmp_path):
        with pytest.raises(Misuse, match="no kinds of intervention"):
            import_context(ctx, "interventions", path)
