"""Who owes an answer to what, by when."""
