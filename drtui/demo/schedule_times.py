"""Next run of a schedule of the simulated site. The demo imports nothing from the other packages."""

import datetime as dt

from drtui.demo.backup_history import DAY, HOUR, MINUTE, Record, midnight, weekday

DAYS = 366
"""Days in which a run is looked for."""


def next_run(task: Record, after: int) -> int | None:
    """Return the first run after a moment (both epoch ms); None if there is none within a year.

    It knows numbers, lists of numbers, `*` and `?`; a schedule with other expressions never runs.
    """
    cron, end = task["cronSchedule"], task.get("endDate") or 0
    for days in range(DAYS):
        day = midnight(after) + days * DAY
        if end and day > end:
            return None
        date = dt.datetime.fromtimestamp(day / 1_000, tz=dt.UTC)
        fields = {"dayOfMonth": date.day, "month": date.month, "dayOfWeek": weekday(day)}
        if not all(_matches(cron[name], value) for name, value in fields.items()):
            continue
        for hour in range(24):
            if not _matches(cron["hour"], hour):
                continue
            for minute in range(60):
                run = day + hour * HOUR + minute * MINUTE
                if run > after and _matches(cron["minute"], minute):
                    return run if not end or run <= end else None
    return None


def _matches(field: str, value: int) -> bool:
    """True if a field of a cron expression contains a value."""
    return field in {"*", "?"} or str(value) in field.split(",")
