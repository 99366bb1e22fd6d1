"""Tiny synthetic cities with known truth."""
