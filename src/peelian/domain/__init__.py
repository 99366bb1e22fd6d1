"""The nouns of the house: no input, no output, no clock. It imports nothing else of ours."""
