"""Threads and posts: the reply tree."""
