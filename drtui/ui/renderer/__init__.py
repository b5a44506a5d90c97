"""Sends the terminal only what changed. Knows the terminal (`terminal`, `pen`) apart from Textual (`seam`)."""
