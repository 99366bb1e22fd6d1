"""A folder whose files lie encrypted beside it (gocryptfs), and are seen in it only while it is open."""
