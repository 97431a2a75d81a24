"""Inbox and mail. Knows people and links, nothing of what the links lead to."""
