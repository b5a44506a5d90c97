"""Formatting and parsing of times, durations and text, independent of backups."""
