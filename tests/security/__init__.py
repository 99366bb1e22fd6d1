"""Hostile requests, hostile files, and what must come back from a backup."""
