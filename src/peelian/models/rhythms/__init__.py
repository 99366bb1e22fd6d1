"""Rhythms: hour-of-week profiles by kind of place."""
