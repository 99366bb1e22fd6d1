"""Read and check a mapping file, or one of those shipped with the package."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Final

import pyproj
import yaml
from pydantic import ValidationError

from peelian.domain.errors import Misuse
from peelian.guard.unreadable import NO_CRS, NO_YAML
from peelian.sources.table.mapping import Mapping

_SHIPPED: Final = resources.files("peelian.sources") / "mappings"
_LIMIT: Final = 1 << 20


def shipped() -> tuple[str, ...]:
    """Name the mappings that come with the package."""
    names = (entry.name for entry in _SHIPPED.iterdir())
    return tuple(sorted(name.removesuffix(".yaml") for name in names if name.endswith(".yaml")))


def shipped_path(name: str) -> Path:
    """Give the path of a shipped mapping, whatever lies in the current folder."""
    return Path(str(_SHIPPED / f"{name}.yaml"))


def load_mapping(where: str | Path) -> tuple[Mapping, str]:
    """Give the mapping in a file, or a shipped one by its bare name, and the SHA-256 of its text.

    Raises:
        Misuse: no such file, no YAML, or a key that is wrong (each named).
    """
    return _check(_text(where), str(where))


def _text(where: str | Path) -> str:
    path = Path(where)
    if path.is_file():
        if path.stat().st_size > _LIMIT:
            raise Misuse(f"the mapping {path.name} is larger than 1 MiB", expected="a few lines of YAML")
        try:
            return path.read_text("utf-8-sig")
        except UnicodeDecodeError:
            raise Misuse(f"the mapping {path.name} is not UTF-8 text", do="save it as UTF-8") from None
    if str(where) in shipped():
        return (_SHIPPED / f"{where}.yaml").read_text("utf-8")
    raise Misuse(
        f"there is no mapping file {where}",
        expected=f"a YAML file, or one of {', '.join(shipped())}",
        do="see docs/sources/table.md",
    )


@lru_cache(maxsize=16)
def _check(text: str, where: str) -> tuple[Mapping, str]:
    try:
        content = yaml.safe_load(text)
    except NO_YAML as error:
        mark = getattr(error, "problem_mark", None)
        at = f" at line {mark.line + 1}" if mark else ""
        raise Misuse(f"the mapping {where} is not YAML{at}", do="see docs/sources/table.md") from None
    if not isinstance(content, dict):
        raise Misuse(f"the mapping {where} is not a list of keys and values", do="see docs/sources/table.md")
    try:
        mapping = Mapping.model_validate(content)
    except ValidationError as error:
        raise Misuse(
            f"the mapping {where} is wrong: {_faults(error)}", do="see docs/sources/table.md"
        ) from None
    _check_crs(mapping, where)
    return mapping, hashlib.sha256(text.encode()).hexdigest()


def _faults(error: ValidationError) -> str:
    faults = []
    for fault in error.errors(include_url=False, include_input=False):
        key = ".".join(str(part) for part in fault["loc"] if part != "[key]")
        words = {"missing": "is missing", "extra_forbidden": "is not a known key"}
        said = words.get(fault["type"], fault["msg"].removeprefix("Value error, "))
        faults.append(f"{key}: {said}" if key else said)
    return "; ".join(faults)


def _check_crs(mapping: Mapping, where: str) -> None:
    for key, code in (("project_to", mapping.project_to), ("crs", mapping.input_crs)):
        try:
            crs = pyproj.CRS.from_user_input(code)
        except NO_CRS:
            raise Misuse(
                f"{key} of the mapping {where} is not a known CRS", expected="such as EPSG:27700"
            ) from None
        if key == "project_to" and not crs.is_projected:
            raise Misuse(
                f"project_to of the mapping {where} is in degrees: cells need a projected CRS",
                expected="such as EPSG:27700 in Britain or a UTM zone elsewhere",
            )
        placed = mapping.columns.longitude or mapping.columns.easting
        if key == "crs" and placed and crs.is_projected == bool(mapping.columns.longitude):
            raise Misuse(
                f"crs of the mapping {where} does not go with its columns",
                expected="easting and northing with a projected CRS, longitude and latitude with degrees",
            )
