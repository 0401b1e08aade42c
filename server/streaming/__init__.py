"""From the event log to an open connection."""
