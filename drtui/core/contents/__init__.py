"""The index of geodatabases, databases and buckets over all restore points."""
