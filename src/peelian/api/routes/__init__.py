"""The routes: thin, one family a file."""
