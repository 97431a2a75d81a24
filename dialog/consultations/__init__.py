"""The dialogue process: its kind, its dates, its state and the versions of its basis."""
