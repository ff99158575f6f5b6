"""Support vector machines: reference solutions of their dual problems, and parity with them."""
