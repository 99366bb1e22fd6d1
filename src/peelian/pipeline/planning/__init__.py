"""From a run to a plan: candidates, the choice, each place's prevention options, and a draft that is kept."""
