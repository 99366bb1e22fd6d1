"""Gates: every verdict is kept, the newest is in force, on both databases."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine, text

from peelian.store import migrate
from peelian.store.gates import gate_history, get_gate, set_gate
from peelian.store.workspace import Workspace, open_workspace

KEY = ("eldermarch", "violence", "week", 1, 4)


def test_every_verdict_is_kept_and_the_newest_is_in_force(ws: Workspace) -> None:
    assert get_gate(ws, *KEY) is None
    set_gate(
        ws, *KEY, "learner", {"sentence": "better"}, versions={"learner": "1", "year-count": "1"},
        source="eldermarch-violence", last_origin=date(2026, 11, 2),
    )  # fmt: skip
    set_gate(ws, *KEY, "year-count", {"sentence": "no better"}, versions={"learner": "2"})
    set_gate(ws, "elsewhere", *KEY[1:], "kde", {})
    held = get_gate(ws, *KEY)
    assert held is not None
    assert (held.served_model, held.verdict) == ("year-count", {"sentence": "no better"})
    newest, oldest = gate_history(ws, *KEY)
    assert newest.at >= oldest.at
    assert (oldest.served_model, oldest.source, oldest.last_origin) == (
        "learner", "eldermarch-violence", date(2026, 11, 2),
    )  # fmt: skip
    assert oldest.versions == {"learner": "1", "year-count": "1"}
    assert len(gate_history(ws)) == 3
    assert [g.served_model for g in gate_history(ws, target="violence", last=1)] == ["kde"]


def test_retrainings_and_backtests_do_not_stand_for_one_another(ws: Workspace) -> None:
    set_gate(ws, *KEY, "learner", {"n": 1})
    set_gate(ws, *KEY, "learner", {"n": 2}, kind="retrain")
    backtest, retrain = get_gate(ws, *KEY), get_gate(ws, *KEY, kind="retrain")
    assert backtest is not None
    assert retrain is not None
    assert (backtest.verdict, retrain.verdict) == ({"n": 1}, {"n": 2})


def test_a_verdict_of_an_older_workspace_is_taken_over(tmp_path: Path, empty_database: str | None) -> None:
    url = empty_database or f"sqlite:///{tmp_path / 'catalogue.db'}"
    engine = create_engine(url)
    with engine.begin() as conn:
        config = Config()
        config.set_main_option("script_location", str(Path(migrate.__file__).parent / "migrations"))
        config.attributes["connection"] = conn
        command.upgrade(config, "0002")
        conn.execute(
            text(
                'insert into gate (area, target, every, horizon, "window", served_model, verdict, at) '
                """values ('eldermarch', 'violence', 'week', 1, 4, 'kde', '{"sentence": "old"}', 5)"""
            )
        )
    engine.dispose()
    ws = open_workspace(tmp_path, url)
    held = get_gate(ws, *KEY)
    ws.engine.dispose()
    assert held is not None
    assert (held.served_model, held.verdict, held.versions) == ("kde", {"sentence": "old"}, {})
    assert held.last_origin is None
