"""Borgermøder: place, time and minutes. Knows nothing of threads."""
