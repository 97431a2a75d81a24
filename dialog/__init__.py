"""Dialog: hard municipal conversations, held by five rules."""
