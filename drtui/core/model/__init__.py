"""The values of a site: stores, backups, schedules, failures, and the configuration."""
