"""The append-only chain: what was changed, by which role, when. No names, no text."""
