"""The vocabulary: specs, statuses, events, controls, errors. No clock, no disk, no network."""
