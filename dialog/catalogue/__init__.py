"""Savings proposals and school scenarios, with amounts, consequences and owners."""
