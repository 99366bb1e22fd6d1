"""The house keeps its shape: walls, file sizes, no word of one machine, docs links that lead somewhere."""

from __future__ import annotations

import re
import statistics
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCES = sorted((ROOT / "src" / "peelian").rglob("*.py"))
DOCS = [p for p in ROOT.rglob("*.md") if not {".venv", "node_modules"} & set(p.parts)]
LINK = re.compile(r"\[[^\]]*\]\(([^)#\s]+)(?:#[^)]*)?\)")


def test_imports_point_one_way() -> None:
    linter = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([linter], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-3000:]


def test_files_stay_small() -> None:
    sizes = {p: p.read_text().count("\n") for p in SOURCES}
    assert statistics.median(sizes.values()) < 150
    assert [str(p) for p, n in sizes.items() if n > 500] == []


def test_no_vague_names() -> None:
    vague = {"utils", "util", "helpers", "helper", "manager", "common", "misc"}
    assert [str(p) for p in SOURCES if p.stem in vague] == []


@pytest.mark.parametrize("doc", DOCS, ids=lambda p: str(p.relative_to(ROOT)))
def test_links_lead_somewhere(doc: Path) -> None:
    links = [m for m in LINK.findall(doc.read_text()) if "://" not in m and not m.startswith("mailto:")]
    assert [link for link in links if not (doc.parent / link).exists()] == []


def test_nothing_names_one_machine() -> None:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True)
    machine = re.compile(r"(?<![\w./])/(work|root)/|files\.pythonhosted|registry\.npmjs")
    named = []
    for name in listed.stdout.split("\n"):
        path = ROOT / name
        text_file = (
            path.suffix in {".py", ".md", ".toml", ".yaml", ".ts", ".tsx", ".sh", ""} and path.is_file()
        )
        if text_file and path.name != "test_walls.py" and machine.search(path.read_text(errors="ignore")):
            named.append(name)
    assert named == []


def test_the_executable_starts_without_heavy_imports() -> None:
    heavy = "{'polars', 'scipy', 'lightgbm', 'fastapi'}"
    script = f"import sys, peelian.cli.app; print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
