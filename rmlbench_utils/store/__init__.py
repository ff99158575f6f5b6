"""Records, recordings and what is derived from them."""
