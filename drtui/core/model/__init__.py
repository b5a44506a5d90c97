"""Data types of a site (stores, backups, schedules, failures) and of the configuration."""
