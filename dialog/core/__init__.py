"""The ground every room stands on. No word of the domain in here."""
