"""Verdicts: determine if a backup is usable on this site, with reasons."""
