"""`python -m peelian` is the command line."""

from peelian.cli import main

main()
