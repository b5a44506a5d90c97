"""`drtui timeline`: restore points, missed and upcoming runs, and expiries of a site over time."""

import argparse
import shutil
import sys

from drtui.cli.context import Context
from drtui.cli.exit_codes import FINDINGS, FINE, CommandError
from drtui.cli.loading import load_assessment, require
from drtui.cli.output import print_data, report_failures, stale_prefix
from drtui.core.timeline.axis import (
    NOMINAL_LENGTHS,
    PAST_SHARE,
    SlotLength,
    TimeAxis,
    build_axes_around,
    build_axis_until,
)
from drtui.core.timeline.chart import count_fitting_slots
from drtui.core.timeline.timeline import Timeline, build_timeline
from drtui.output.timeline import TimelineView, describe_timeline, draw_timeline, timeline_table

MAX_DAYS = 3660
MIN_WIDTH, MAX_WIDTH = 40, 2000


def run(arguments: argparse.Namespace) -> int:
    """Fetch the site and print its timeline; exit code 1 for a missed or failed run, or no restore points.

    Raises:
        CommandError: the site could not be fetched, or an option is invalid.
    """
    cells = arguments.width or shutil.get_terminal_size((80, 24)).columns
    if not MIN_WIDTH <= cells <= MAX_WIDTH:
        raise CommandError(f"--width must be a number from {MIN_WIDTH} to {MAX_WIDTH}.")
    if arguments.days is not None and not 1 <= arguments.days <= MAX_DAYS:
        raise CommandError(f"--days must be a number from 1 to {MAX_DAYS}.")
    context, assessment = load_assessment(arguments)
    require(assessment.site_state.stores)
    timeline = build_timeline(assessment)
    timeline_view = TimelineView(assessment, timeline, _axes(arguments, context, timeline, cells))
    if arguments.format == "table":
        view = context.view._replace(plain=context.plain or arguments.plain)
        drawn = describe_timeline(timeline_view, view) if arguments.plain else draw_timeline(timeline_view, view, cells)
        sys.stdout.write(stale_prefix(assessment.site_state, context) + drawn)
    else:
        print_data(timeline_table(timeline_view, context.view), context, assessment, arguments.format)
    runs = (*assessment.missed_runs, *assessment.failed_runs)
    missed = any(run_.at >= timeline_view.edges[0] for _, run_ in runs)
    return report_failures(assessment.site_state, "stores", "backups of") or (
        FINDINGS if missed or not assessment.points else FINE
    )


def _axes(arguments: argparse.Namespace, context: Context, timeline: Timeline, cells: int) -> tuple[TimeAxis, ...]:
    """Return axes for the requested days, one per printed line; without `--days` one axis that fills the width."""
    room, days = count_fitting_slots(timeline, cells), arguments.days
    if days is None:
        return (build_axis_until(context.now, SlotLength(arguments.zoom or SlotLength.DAY.value), context.zone, room),)
    zoom = SlotLength(arguments.zoom) if arguments.zoom else _zoom_for(days, room)
    return build_axes_around(context.now, days, zoom, context.zone, room)


def _zoom_for(days: int, room: int) -> SlotLength:
    """Return the shortest slot, from a day on, with which that many days fit into `room` cells."""
    day = NOMINAL_LENGTHS[SlotLength.DAY]
    fitting = (
        zoom
        for zoom in (SlotLength.DAY, SlotLength.WEEK)
        if days * day / NOMINAL_LENGTHS[zoom] <= room * PAST_SHARE - 2
    )
    return next(fitting, SlotLength.MONTH)
