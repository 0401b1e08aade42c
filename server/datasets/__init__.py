"""Arrays from names: NumPy only, always seeded."""
