"""The evening itself: the screen, the queue, the notes, and what becomes of what was said."""
