"""Conditional autoregression over small areas: who borders whom, the smooth field, and its doubt."""
