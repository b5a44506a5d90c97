"""The list of restore points: sorting, columns, groups, rows, details."""
