"""`drtui timeline`: the restore points, missed runs, runs to come and expiries of a site over time."""

import argparse
import shutil
import sys

from drtui.cli.context import Context
from drtui.cli.exit_codes import FINDINGS, FINE, CommandError
from drtui.cli.loading import load, require
from drtui.cli.output import print_data, report_failures, stale_prefix
from drtui.core.timeline.axis import NOMINAL_LENGTHS, PAST_SHARE, SlotLength, TimeAxis, axis_until, days_around
from drtui.core.timeline.chart import slots_that_fit
from drtui.core.timeline.timeline import Timeline, build_timeline
from drtui.output.timeline import TimelineView, as_picture, as_words, timeline_table

MOST_DAYS = 3660
LEAST_WIDTH, MOST_WIDTH = 40, 2000


def run(arguments: argparse.Namespace) -> int:
    """Look, and draw; the exit code says whether a run was missed or failed, or there is nothing at all.

    Raises:
        CommandError: it cannot be read, or not be drawn as it was asked for.
    """
    cells = arguments.width or shutil.get_terminal_size((80, 24)).columns
    if not LEAST_WIDTH <= cells <= MOST_WIDTH:
        raise CommandError(f"--width is a number from {LEAST_WIDTH} to {MOST_WIDTH}")
    if arguments.days is not None and not 1 <= arguments.days <= MOST_DAYS:
        raise CommandError(f"--days is a number from 1 to {MOST_DAYS}")
    found, judged = load(arguments)
    require(judged.site_state.stores)
    made = build_timeline(judged)
    sight = TimelineView(judged, made, _windows(arguments, found, made, cells))
    if arguments.format == "table":
        view = found.view._replace(plain=found.plain or arguments.plain)
        drawn = as_words(sight, view) if arguments.plain else as_picture(sight, view, cells)
        sys.stdout.write(stale_prefix(judged.site_state, found) + drawn)
    else:
        print_data(timeline_table(sight, found.view), found, judged, arguments.format)
    runs = (*judged.schedules.missed_runs, *judged.schedules.failed_runs)
    missed = any(run_.at >= sight.edges[0] for _, run_ in runs)
    return report_failures(judged.site_state, "stores", "backups of") or (
        FINDINGS if missed or not judged.points else FINE
    )


def _windows(arguments: argparse.Namespace, found: Context, made: Timeline, cells: int) -> tuple[TimeAxis, ...]:
    """As many days as were asked for, else as many slots as a line has room for."""
    room, days = slots_that_fit(made, cells), arguments.days
    if days is None:
        return (axis_until(found.now, SlotLength(arguments.zoom or SlotLength.DAY.value), found.zone, room),)
    zoom = SlotLength(arguments.zoom) if arguments.zoom else _zoom_for(days, room)
    return days_around(found.now, days, zoom, found.zone, room)


def _zoom_for(days: int, room: int) -> SlotLength:
    """The closest, from days on, at which so many days have room."""
    day = NOMINAL_LENGTHS[SlotLength.DAY]
    fitting = (
        zoom
        for zoom in (SlotLength.DAY, SlotLength.WEEK)
        if days * day / NOMINAL_LENGTHS[zoom] <= room * PAST_SHARE - 2
    )
    return next(fitting, SlotLength.MONTH)
