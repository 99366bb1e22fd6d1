"""What each agency records of the true events, and its files in the layouts such agencies use."""
