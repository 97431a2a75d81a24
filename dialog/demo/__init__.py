"""Fjordby Kommune: an invented municipality at work, for a first visit and for the tests."""
