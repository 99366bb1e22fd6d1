"""From an entry of the register and the ledger's counts to a verdict that is kept, null results too."""
