"""Every parser of bytes from outside, valid files to begin with, and ways to spoil them."""
