"""What `make check` says of the supply chain: never a silent pass."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def chain() -> Any:
    spec = importlib.util.spec_from_file_location("supply_chain", ROOT / ".ci" / "supply_chain.py")
    assert spec
    assert spec.loader
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    return made


def test_a_package_that_was_skipped_is_not_called_clean(
    chain: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    skipped = {"name": "a", "skip_reason": "not found"}
    assert chain.read_python(json.dumps({"dependencies": [skipped, skipped]}), "") is False
    assert "0 of 2 packages looked up" in (said := capsys.readouterr().out)
    assert "NOT AUDITED: 2" in said
    assert chain.read_python("", "boom") is False
    assert "NOT AUDITED" in capsys.readouterr().out


def test_a_known_vulnerability_fails(chain: Any, capsys: pytest.CaptureFixture[str]) -> None:
    bad = {"name": "a", "version": "1", "vulns": [{"id": "CVE-1"}]}
    assert chain.read_python(json.dumps({"dependencies": [bad]}), "") is True
    assert "CVE-1" in capsys.readouterr().out
    found = {"metadata": {"vulnerabilities": {"total": 1}, "dependencies": {"total": 9}}}
    assert chain.read_web(json.dumps(found)) is True
    found["metadata"]["vulnerabilities"]["total"] = 0
    assert chain.read_web(json.dumps(found)) is False
    assert chain.read_web('{"message": "405 Method Not Allowed"}') is False
    assert "NOT AUDITED" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("said", "fine"),
    [("MIT", True), ("(MIT OR Apache-2.0)", True), ("GPL-3.0-only OR MIT", True), ("", False),
     ("MIT AND GPL-3.0-only", False), ("SSPL-1.0", False), ("AGPL-3.0", False)],
)  # fmt: skip
def test_licences_are_read_as_expressions(chain: Any, said: str, fine: bool) -> None:
    assert chain._accepted(said, ["MIT", "Apache-2.0"]) is fine


def test_every_locked_package_has_a_licence_on_the_list(
    chain: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    assert chain.licences() == 0, capsys.readouterr().out
