"""The verdict on a backup: whether it is usable on this site, and why."""
