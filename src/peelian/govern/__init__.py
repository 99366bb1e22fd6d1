"""The govern room."""
