"""The shape of a published ATRS record, as JSON Schema, and the few words of that language it needs checked.

No official schema of version 4.0 was found; this one is ours. A field is `{number, name, label, text,
missing}`; a whole record lists each required name of the standard, with text, and none missing.
"""

from __future__ import annotations

import json
import re
from functools import lru_cache
from importlib import resources
from typing import Any

NAME = "atrs-4.0.schema.json"


@lru_cache(maxsize=1)
def schema() -> dict[str, Any]:
    """Give the schema."""
    text = (resources.files("peelian.govern.records") / NAME).read_text("utf-8")
    found: dict[str, Any] = json.loads(text)
    return found


def as_published(record: dict[str, Any]) -> dict[str, Any]:
    """Give a record's JSON as the schema takes it: fields by name; those of models and data in lists."""
    found: dict[str, Any] = {"facts_sha256": record["facts_sha256"], "simulated": record["simulated"],
                             "standard": "ATRS v4.0", "models_specified": []}  # fmt: skip
    for part in record["sections"]:
        held = {one["name"]: "" if one["missing"] else one["text"] for one in part["fields"]}
        if part["title"].startswith("2.4.2"):
            found["models_specified"].append(held)
        else:
            found |= held
    return found


def faults(value: Any, rule: dict[str, Any] | None = None, at: str = "record") -> list[str]:
    """Say where a value is not as a schema says: type, required, properties, items, lengths, pattern, const.

    >>> faults({"a": ""}, {"type": "object", "properties": {"a": {"type": "string", "minLength": 1}}})
    ['record.a: it is empty']
    """
    rule = schema() if rule is None else rule
    kinds = {"object": dict, "array": list, "string": str, "boolean": bool}
    if "type" in rule and not isinstance(value, kinds[rule["type"]]):
        return [f"{at}: it must be of type {rule['type']}"]
    if "const" in rule and value != rule["const"]:
        return [f"{at}: it must be {rule['const']}"]
    if isinstance(value, str):
        return _text_faults(value, rule, at)
    if isinstance(value, list):
        few = [f"{at}: at least {rule['minItems']} needed"] if len(value) < rule.get("minItems", 0) else []
        return few + [
            f for k, one in enumerate(value) for f in faults(one, rule.get("items", {}), f"{at}[{k}]")
        ]
    if not isinstance(value, dict):
        return []
    lacking = [f"{at}.{name}: it is not there" for name in rule.get("required", ()) if name not in value]
    held = rule.get("properties", {})
    return lacking + [
        f for name, one in value.items() for f in faults(one, held.get(name, {}), f"{at}.{name}")
    ]


def _text_faults(value: str, rule: dict[str, Any], at: str) -> list[str]:
    if len(value) < rule.get("minLength", 0):
        return [f"{at}: it is empty"]
    if "pattern" in rule and not re.search(rule["pattern"], value):
        return [f"{at}: it does not read as it must"]
    return []
