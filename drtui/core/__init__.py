"""Values and judgements about backups: pure functions without I/O, clock or environment."""
