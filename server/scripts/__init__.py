"""The Python script and the notebook that repeat a run. Text in, text out: nothing here trains, or loads Keras."""
