"""The parts of the space-time scan: nested circles, their ratio, and its null."""
