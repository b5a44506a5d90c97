"""Schedules: cron, expected, missed and failed runs, gaps."""
