"""What an unknown file seems to be: kind, columns, formats, codes, each with its confidence."""
