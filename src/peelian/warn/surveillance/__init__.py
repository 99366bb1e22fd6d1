"""Count surveillance: one place's count judged against its own past, many places at once."""
