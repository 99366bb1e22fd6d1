"""Records of transparency made from facts of the live system: ATRS, impact drafts, model cards, ALGO-CARE."""
