"""A record: numbered fields with their text; one that lacks a fact says by whom and what."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from peelian.govern.records.facts import Facts
from peelian.govern.records.questions import ASKS


@dataclass(frozen=True)
class Field:
    """One field: its number and name in the standard, label and text. `missing`: it lacks a fact."""

    number: str
    name: str
    label: str
    text: str
    missing: bool = False


@dataclass(frozen=True)
class Section:
    """Fields under one heading."""

    title: str
    fields: tuple[Field, ...]


@dataclass(frozen=True)
class Record:
    """One record, with where its form comes from, and the digest of the facts it was made of."""

    kind: str
    title: str
    source: str
    sections: tuple[Section, ...]
    digest: str
    simulated: bool

    @property
    def fields(self) -> tuple[Field, ...]:
        """Give all fields, in order."""
        return tuple(one for part in self.sections for one in part.fields)

    @property
    def missing(self) -> tuple[Field, ...]:
        """Give the fields that lack a fact."""
        return tuple(one for one in self.fields if one.missing)

    def to_json(self) -> dict[str, Any]:
        """Give it as JSON."""
        lacks = [f"{one.number} {one.name}".strip() for one in self.missing]
        return {
            "record": self.kind, "title": self.title, "form": self.source, "simulated": self.simulated,
            "facts_sha256": self.digest, "missing": lacks,
            "sections": [
                {"title": part.title, "fields": [vars(one) for one in part.fields]} for part in self.sections
            ],
        }  # fmt: skip


class Maker:
    """Makes fields from facts: known ones, and those the organisation must state."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts

    def known(self, number: str, name: str, label: str, text: str) -> Field:
        """Give a field of a fact of the system; empty text is a missing fact."""
        if text.strip():
            return Field(number, name, label, text.strip())
        return Field(number, name, label, f"not stated: nothing is held on {label.lower()}", missing=True)

    def said(self, number: str, name: str, label: str, answer: str, after: str = "") -> Field:
        """Give a field of the organisation's answer, followed by what the system knows."""
        return self._stated(number, name, label, self.facts.answers.get(answer, ""), ASKS[answer], after)

    def registered(self, number: str, name: str, label: str, text: str, after: str = "") -> Field:
        """Give a field of the deployment register."""
        need = f"{label.lower()}, by: peelian deployment set {self.facts.area} ..."
        return self._stated(number, name, label, text, need, after)

    def _stated(self, number: str, name: str, label: str, text: str, need: str, after: str) -> Field:
        tail = f"\n{after}" if after else ""
        if text.strip():
            return Field(number, name, label, f"{text.strip()}{tail}")
        lacks = f"not stated by {self.facts.organisation}: {need}"
        return Field(number, name, label, f"{lacks}{tail}", missing=True)
