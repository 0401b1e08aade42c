"""Labelled pictures become a collection: in a process of its own, because the files may come from anybody.

`python -m server.collecting` reads one job and tells how far it is. Pillow and Keras' loaders are loaded there and
nowhere else; the web process only starts it (`process.py`) and reads what it says.
"""
