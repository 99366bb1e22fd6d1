"""Fairness of what is served: lookups only the audit reads, the audit, places that hang on reporting."""
