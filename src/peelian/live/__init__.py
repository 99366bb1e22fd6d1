"""The running state: what live events add to each cell's rate, kept current without a refit."""
