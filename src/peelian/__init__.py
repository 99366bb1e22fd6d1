"""Peelian: places and times of harm, forecast honestly, so that partners can prevent it."""

__version__ = "0.1.0"
