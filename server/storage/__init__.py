"""The only floor that speaks SQL and paths."""
