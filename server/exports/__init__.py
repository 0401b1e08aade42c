"""A run's weights become files to take home. Loaded by workers only."""
