"""Clustering: reference solutions, and parity with them."""
