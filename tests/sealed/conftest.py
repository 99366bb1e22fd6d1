"""A place to seal, for every test here."""

from tests.sealed.made import cheap, place

__all__ = ["cheap", "place"]
