"""Knife-enabled classification: dictionary, negation and context, in memory; nothing of a text is kept."""

from __future__ import annotations

from peelian.knife.classify import classify, read_narratives
from peelian.knife.offences import kind_of
from peelian.knife.vocabulary import WEAPONS

__all__ = ["WEAPONS", "classify", "kind_of", "read_narratives"]
