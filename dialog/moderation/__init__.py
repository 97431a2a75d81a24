"""Hiding with a public reason. Nothing vanishes without a trace."""
