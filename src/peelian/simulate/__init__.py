"""A synthetic, fictional force area with known truth, and its files in the layouts of real feeds."""
