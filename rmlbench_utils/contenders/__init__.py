"""What runs cases: one module a framework and domain, one file a library."""
