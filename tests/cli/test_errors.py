"""Misuse is told in a sentence, with exit 2 or 3, and never with a traceback."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.cli.conftest import Run, Simulated

FORECAST = {"--target": "violence", "--every": "week", "--horizon": "1"}


def asked(command: str, options: dict[str, str], **change: object) -> list[str]:
    merged = options | {f"--{name}": str(value) for name, value in change.items()}
    return [command, *(part for pair in merged.items() for part in pair)]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"target": "arson-ring"}, "unknown target"),
        ({"horizon": 0}, "under 1"),
        ({"every": "fortnight"}, "month, week, day"),
        ({"every": "shift"}, "no shifts are held"),
        ({"model": "oracle"}, "unknown model"),
        ({"origin": "not-a-date"}, "YYYY-MM-DD"),
        ({"origin": "2090-01-02"}, "outside the data"),
        ({"origin": "1999-12-27"}, "outside the data"),
        ({"area": "nowhere"}, "nowhere"),
    ],
)
def test_misuse_of_forecast(run: Run, simulated: Simulated, change: dict[str, object], words: str) -> None:
    options = FORECAST | {"--origin": str(simulated.monday), "--area": str(simulated.area)}
    said = run(*asked("forecast", options, **change), "--home", simulated.home)
    assert said.code in {2, 3}
    assert words in said.err
    assert "Traceback" not in said.err + said.out


def test_less_than_a_year_of_history_is_refused(run: Run, simulated: Simulated) -> None:
    rows = run("coverage", "--json", "--home", simulated.home).json
    first = date.fromisoformat(min(r["from"] for r in rows))
    origin = first - timedelta(days=first.weekday()) + timedelta(weeks=20)
    options = FORECAST | {"--origin": str(origin), "--area": str(simulated.area)}
    said = run(*asked("forecast", options), "--home", simulated.home)
    assert (said.code, "history" in said.err) == (3, True)


def test_an_origin_inside_a_week_names_the_next_monday(run: Run, simulated: Simulated) -> None:
    origin = simulated.monday - timedelta(days=3)
    options = FORECAST | {"--origin": str(origin), "--area": str(simulated.area)}
    said = run(*asked("forecast", options), "--home", simulated.home)
    assert said.code == 2
    assert str(origin + timedelta(days=3)) in said.err


def test_an_empty_workspace_says_how_to_begin(run: Run, tmp_path: Path) -> None:
    said = run("forecast", "--target", "asb", "--every", "month", "--origin", "2023-01", "--home", tmp_path)
    assert said.code == 3
    assert "peelian ingest" in said.err


def test_a_geographic_crs_is_refused(run: Run, simulated: Simulated, tmp_path: Path) -> None:
    area = tmp_path / "area.yaml"
    area.write_text("name: Nowhere\ncrs: EPSG:4326\npoints: [[0.0, 51.0]]\n")
    options = FORECAST | {"--origin": str(simulated.monday), "--area": str(area)}
    said = run(*asked("forecast", options), "--home", simulated.home)
    assert (said.code, "geographic" in said.err) == (3, True)


def test_an_unknown_source_names_the_known_ones(run: Run, tmp_path: Path) -> None:
    said = run("ingest", "crystal-ball", tmp_path, "--home", tmp_path)
    assert said.code == 2
    assert "police-uk" in said.err


def test_serving_beyond_loopback_is_refused(run: Run, tmp_path: Path) -> None:
    said = run("serve", "--host", "0.0.0.0", "--home", tmp_path)
    assert said.code == 2
    assert "access control" in said.err


def test_errors_in_json_are_json(run: Run, tmp_path: Path) -> None:
    said = run("--json", "ingest", "crystal-ball", tmp_path, "--home", tmp_path)
    assert said.json["exit"] == 2
