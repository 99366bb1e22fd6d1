"""Channels that carry a message to a team: mail and webhook, each with a stable id a receiver can tell by."""
