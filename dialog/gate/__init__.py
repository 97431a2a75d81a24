"""Gathers the facts, asks the rules, and moves a consultation from state to state."""
