"""One incident, many reports: which reports of several agencies are of one event. Frames in, pairs out."""
