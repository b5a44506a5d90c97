"""The room that keeps files."""
