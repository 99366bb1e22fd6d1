"""The parts of the mixture scan: circles, what is usual, the ratio, and its null."""
