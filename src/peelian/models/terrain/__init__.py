"""The risk terrain's parts: factors read from sites, and the sparse fit that chooses among them."""
