"""The composition root: the one place that knows every room.

Each entry takes a `Context` (workspace, actor, purpose), asks the policy and leaves an audit row.
"""
