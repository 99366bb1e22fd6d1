"""Disclosure control: what may leave a force as tables, and an attacker that tries each before it does."""
