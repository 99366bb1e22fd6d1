"""From a forecast to a plan that a partnership can own, and whether what was done worked."""
