"""Reading CSV as it really arrives: in blocks, each line judged by itself, so that no line eats another."""
