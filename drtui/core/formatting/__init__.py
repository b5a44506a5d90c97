"""Times, durations, text and the display context; knows nothing of backups."""
