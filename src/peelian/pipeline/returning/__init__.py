"""Returns to partners and government, from the live ledger, the register and the verdicts."""
