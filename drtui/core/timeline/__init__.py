"""The timeline: axis, lanes, durations, and the Gantt chart of one restore point."""
