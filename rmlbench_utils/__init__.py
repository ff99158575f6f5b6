"""Compare Rust with Python for machine learning, honestly."""
