"""Knife-enabled or not: weapon codes and narrative read in memory, words shown, nothing kept. Pure."""
