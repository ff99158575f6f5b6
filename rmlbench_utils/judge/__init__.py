"""Metrics, parity, fairness, statistics, verdict: pure functions on records."""
