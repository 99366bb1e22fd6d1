"""The command line: parse, call the pipeline, print."""

from __future__ import annotations


def main() -> None:
    """Run the command line."""
