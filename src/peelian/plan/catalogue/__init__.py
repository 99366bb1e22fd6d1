"""The catalogue of interventions: one data file a kind, each figure with the sentence it was read in."""
