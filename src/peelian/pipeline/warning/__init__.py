"""Early warnings from the workspace: series, detectors, what is raised and what was raised before."""
