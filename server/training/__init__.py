"""The only floor where Keras is spoken. Loaded by workers, never by the web process."""
