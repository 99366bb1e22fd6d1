"""The rule that mends rows put aside: which rows, and what of their mapping or of themselves is otherwise."""

from __future__ import annotations

from collections.abc import Mapping as Fields
from pathlib import Path
from typing import Any, Final

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from peelian.domain.errors import Misuse
from peelian.guard.unreadable import NO_YAML
from peelian.sources.table.mapping import Code

_LIMIT: Final = 1 << 18
_DO: Final = "see docs/how-to/quarantine.md"


class MendingRule(BaseModel):
    """A rule file. Without an amendment it tries the rows again as they are.

    `source`, `reason` (some of its words), `file` (first digits of its hash) and `where` (our fields and the
    values they have) choose rows. `set` replaces values of chosen rows; `codes`, `values`, `weapons` and
    `time` are added to the mapping; `crs`, `project_to` and `precision_m` replace the mapping's.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    source: str | None = None
    reason: str | None = None
    file: str | None = Field(default=None, pattern=r"^[0-9a-f]{4,64}$")
    where: dict[str, tuple[Code, ...] | Code] = {}
    set: dict[str, Code] = {}
    codes: dict[Code, Code] = {}
    values: dict[str, dict[Code, Code]] = {}
    weapons: dict[Code, Code] = {}
    time: dict[str, str] = {}
    crs: str | None = None
    project_to: str | None = None
    precision_m: float | None = None

    def chooses(self, kept: Fields[str, Any] | None) -> bool:
        """Say whether a row with these kept fields is meant."""
        if not self.where:
            return True
        return kept is not None and all(
            str(kept.get(name)) in ([said] if isinstance(said, str) else said)
            for name, said in self.where.items()
        )

    def mended(self, kept: dict[str, Any]) -> dict[str, Any]:
        """Give a row's fields as the rule sets them."""
        return kept | {name: value for name, value in self.set.items() if name in kept}

    def amended(self, mapping: dict[str, Any], *, own_names: bool) -> dict[str, Any]:
        """Give the mapping's content with the rule's amendments; with `own_names`, for a table of fields."""
        out = dict(mapping)
        for key in ("codes", "weapons", "time"):
            if extra := getattr(self, key):
                out[key] = {**out.get(key, {}), **extra}
        if self.values:
            had = out.get("values", {})
            more = {mark: {**had.get(mark, {}), **codes} for mark, codes in self.values.items()}
            out["values"] = {**had, **more}
        for key in ("crs", "project_to", "precision_m"):
            if (value := getattr(self, key)) is not None:
                out[key] = value
        if own_names:
            out["columns"] = {ours: ours for ours in out["columns"]}
            out.pop("discard", None)
        return out


def read_rule(path: Path) -> MendingRule:
    """Read a rule file.

    Raises:
        Misuse: no such file, no YAML, or a key that is wrong (each named, no value repeated).
    """
    if not path.is_file():
        raise Misuse(f"there is no rule file {path}", expected="a YAML file", do=_DO)
    if path.stat().st_size > _LIMIT:
        raise Misuse(f"the rule {path.name} is larger than 256 KiB", expected="a few lines of YAML")
    try:
        body = yaml.safe_load(path.read_text("utf-8-sig"))
    except NO_YAML:
        raise Misuse(f"the rule {path.name} is not YAML in UTF-8", do=_DO) from None
    if not isinstance(body, dict):
        raise Misuse(f"the rule {path.name} is not a list of keys and values", do=_DO)
    try:
        return MendingRule.model_validate(body)
    except ValidationError as error:
        keys = sorted({".".join(map(str, fault["loc"])) for fault in error.errors(include_input=False)})
        known = ", ".join(MendingRule.model_fields)
        raise Misuse(f"the rule {path.name} is wrong at {', '.join(keys)}", expected=known, do=_DO) from None
