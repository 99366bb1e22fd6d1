"""What must never come in: person-shaped columns and values, feeds of barred kinds. Pure."""
