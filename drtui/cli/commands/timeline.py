"""`drtui timeline`: restore points, missed and upcoming runs, and expiries of a site over time."""

import argparse
import shutil

from drtui.cli.context import Context
from drtui.cli.exit_codes import CommandError
from drtui.cli.loading import Site, require
from drtui.cli.output import Answer
from drtui.core.timeline.axis import (
    NOMINAL_LENGTHS,
    PAST_SHARE,
    SlotLength,
    TimeAxis,
    build_axes_around,
    build_axis_until,
)
from drtui.core.timeline.chart import count_fitting_slots
from drtui.core.timeline.timeline import build_timeline
from drtui.output.formats import Table
from drtui.output.timeline import TimelineView, describe_timeline, draw_timeline, timeline_table

MAX_DAYS = 3660
MIN_WIDTH, MAX_WIDTH = 40, 2000

SPOKEN_SLOTS = 28
"""The number of slots of a timeline in sentences."""


def answer_timeline(site: Site, arguments: argparse.Namespace) -> Answer:
    """Return the timeline; a missed or failed run, or no restore points, is a finding.

    Raises:
        CommandError: the site could not be fetched, or an option is invalid.
    """
    is_spoken = arguments.format == "sentences"
    cells = arguments.width or (MIN_WIDTH if is_spoken else shutil.get_terminal_size((80, 24)).columns)
    if not MIN_WIDTH <= cells <= MAX_WIDTH:
        raise CommandError(f"--width must be a number from {MIN_WIDTH} to {MAX_WIDTH}.")
    if arguments.days is not None and not 1 <= arguments.days <= MAX_DAYS:
        raise CommandError(f"--days must be a number from 1 to {MAX_DAYS}.")
    context, assessment, _ = site.load()
    require(assessment.site_state.stores)
    timeline = build_timeline(assessment)
    room = SPOKEN_SLOTS if is_spoken else count_fitting_slots(timeline, cells)
    timeline_view = TimelineView(assessment, timeline, _axes(arguments, context, room))
    output: Table | str
    if is_spoken or (arguments.format == "table" and arguments.plain):
        output = describe_timeline(timeline_view, context.view._replace(plain=True))
    elif arguments.format == "table":
        output = draw_timeline(timeline_view, context.view, cells)
    else:
        output = timeline_table(timeline_view, context.view)
    runs = (*assessment.missed_runs, *assessment.failed_runs)
    is_missed = any(run_.at >= timeline_view.edges[0] for _, run_ in runs)
    return Answer(output, is_missed or not assessment.points)


def _axes(arguments: argparse.Namespace, context: Context, room: int) -> tuple[TimeAxis, ...]:
    """Return axes of at most `room` slots for the requested days, one per printed line; without `--days` one axis."""
    days = arguments.days
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
