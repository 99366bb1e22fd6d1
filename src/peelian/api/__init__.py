"""HTTP: JSON, byte layers and plain pages of runs already computed. It computes no forecast."""
