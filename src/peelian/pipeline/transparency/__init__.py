"""Records of transparency: written out, checked for what is missing, approved, and told when they changed."""
