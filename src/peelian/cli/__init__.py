"""The command line, thin: parse, call the pipeline, print. `main` is the executable's entry."""

from peelian.cli.main import main

__all__ = ["main"]
