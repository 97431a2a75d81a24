"""How fast, how live, how light: measured against the raw server on the same machine."""
