"""The details of one restore point as an outline: verdict, times, origin and contents."""

import datetime as dt
from collections.abc import Iterable, Iterator

from msgspec import Struct

from drtui.core.analysis.assessment import Assessment
from drtui.core.analysis.capture_window import measure_capture_window
from drtui.core.formatting.durations import format_age, format_elapsed
from drtui.core.formatting.text import width
from drtui.core.formatting.times import UTC, format_full
from drtui.core.listing.coverage_lines import coverage_lines
from drtui.core.model.backup import EXPECTED_PARTS, INFRASTRUCTURE, NEVER, OBJECT, RELATIONAL, Backup, Part
from drtui.core.model.note import Note, note_text, notes_of
from drtui.core.query.highlight import Span
from drtui.core.query.query import Query
from drtui.core.summary.labels import expiry_text, level_label, origin_text, started_ago_text, state_label
from drtui.core.verdict.restore_points import RestorePoint

MAX_ALIGNED_CELLS = 24
"""Maximum width of a name, in cells, whose id is aligned with those of the others."""

LABELS = {RELATIONAL: "Relational store", OBJECT: "Object store", INFRASTRUCTURE: "Infrastructure"}


class DetailLine(Struct, frozen=True):
    """One line of an outline."""

    text: str
    label: str = ""
    tone: str = ""
    depth: int = 0
    key: tuple[str, str] | None = None
    """Kind and identity of the item on this line, such as a geodatabase; None for other lines."""
    group: str = ""
    """Number and kind of the items under a heading: `26 geodatabases`; empty for other lines."""
    searchable: tuple[tuple[str, str], ...] = ()
    """The pieces of the text that a filter can match, in order, each as (filter field, piece)."""

    def highlights(self, query: Query) -> tuple[Span, ...]:
        """Return the spans of the text that match a filter."""
        spans: list[Span] = []
        end = 0
        for field, piece in self.searchable:
            start = self.text.find(piece, end)
            if start >= 0:
                end = start + len(piece)
                spans += ((start + first, start + after) for first, after in query.spans(field, piece))
        return tuple(spans)


class Details(Struct, frozen=True):
    """The details of a restore point, in four sections."""

    overview: tuple[DetailLine, ...]
    relational: tuple[DetailLine, ...]
    object_store: tuple[DetailLine, ...]
    other_parts: tuple[DetailLine, ...]

    @property
    def parts(self) -> tuple[DetailLine, ...]:
        """The lines of all parts."""
        return self.relational + self.object_store + self.other_parts


def build_details(
    point: RestorePoint,
    now: int,
    zone: dt.tzinfo,
    *,
    plain: bool = False,
    notes: tuple[Note, ...] = (),
    assessment: Assessment | None = None,
) -> Details:
    """Return the details of a restore point at `now` (epoch ms), times in `zone`; `plain` uses ASCII symbols.

    Of `notes`, those about this restore point are shown. `assessment` tells what the site has beyond it.
    """
    backup = point.backup
    undocumented = [part for part in backup.parts if part.kind not in EXPECTED_PARTS]

    def section(kind: str) -> tuple[DetailLine, ...]:
        parts = backup.parts_of_kind(kind)
        lines = [line for part in parts for line in _part_lines(part, zone, plain)]
        return tuple(lines) or (DetailLine(LABELS[kind]), DetailLine("not in the record", tone="warn", depth=1))

    other_parts = section(INFRASTRUCTURE) + tuple(
        line for part in undocumented for line in _part_lines(part, zone, plain)
    )
    beyond = [
        DetailLine(text, label, tone)
        for label, text, tone in (coverage_lines(assessment, point, zone) if assessment is not None else ())
    ]
    overview = tuple(_overview_lines(point, now, zone, plain, notes_of(backup, notes), beyond))
    return Details(overview, section(RELATIONAL), section(OBJECT), other_parts)


def _overview_lines(
    point: RestorePoint,
    now: int,
    zone: dt.tzinfo,
    plain: bool,
    notes: tuple[Note, ...],
    beyond: Iterable[DetailLine],
) -> Iterator[DetailLine]:
    """Yield verdict and reasons, the newest note, times, what the site has beyond it, origin, and the older notes."""
    backup, mark = point.backup, level_label(point.verdict.level)
    yield DetailLine(backup.name or "(no name)", searchable=(("name", backup.name),))
    yield DetailLine(mark.text(plain=plain), tone=mark.tone, searchable=(("verdict", mark.word),))
    for reason in point.verdict.reasons:
        yield DetailLine(reason.text, tone=level_label(reason.level).tone, depth=1)
    noted = [DetailLine(note_text(note, zone), "noted") for note in notes]
    yield from noted[:1]
    yield DetailLine(started_ago_text(backup.start, now), "age")
    yield DetailLine(expiry_text(backup, now), "expires")
    yield DetailLine(backup.store, "store", searchable=(("store", backup.store),))
    if backup.recorded_store not in {"", backup.store}:
        yield DetailLine(backup.recorded_store, "made in", tone="warn")
    yield DetailLine(format_full(backup.start, zone), "started")
    if zone is not UTC:
        yield DetailLine(format_full(backup.start, UTC), "UTC", tone="muted")
    yield DetailLine(format_full(backup.end, zone), "completed")
    yield DetailLine(format_elapsed(backup.duration), "took")
    if backup.retention is not None and backup.retention != NEVER:
        yield DetailLine(format_full(backup.retention, zone), "until")
    yield from capture_window_lines(backup)
    yield from beyond
    kind = origin_text(backup)
    yield DetailLine(
        ", ".join(filter(None, (kind, backup.backup_type, backup.category))), "kind", searchable=(("kind", kind),)
    )
    yield DetailLine(backup.release or "-", "release", searchable=(("release", backup.release),))
    yield DetailLine(" / ".join(filter(None, (backup.site_name, backup.namespace))) or "-", "site")
    if backup.description:
        yield DetailLine(backup.description, "note", searchable=(("description", backup.description),))
    yield from noted[1:]


def capture_window_lines(backup: Backup) -> Iterator[DetailLine]:
    """Yield the time between the captures of the parts; parts may be inconsistent within it (rule R5)."""
    window = measure_capture_window(backup)
    if window is None:
        return
    yield DetailLine(f"captured over {format_age(window.spread)}: parts may be inconsistent", "window")
    if window.skew is not None and window.skew:
        when = "later" if window.skew > 0 else "earlier"
        yield DetailLine(f"object store finished {format_age(abs(window.skew))} {when}", "skew")


def _part_lines(part: Part, zone: dt.tzinfo, plain: bool) -> Iterator[DetailLine]:
    """Yield status and times of a part, then its contents."""
    mark, tone = state_label(part.status), "bad" if part.has_failed else ""
    kind = LABELS.get(part.kind, part.kind)
    yield DetailLine(f"{kind} {part.cluster}".strip(), searchable=(("part", kind), ("cluster", part.cluster)))
    status = f"{mark.text(plain=plain)}, {format_elapsed(part.duration)}"
    yield DetailLine(status, tone=tone or mark.tone, depth=1, searchable=(("status", mark.word),))
    yield DetailLine(f"{_time_of_day(part.start, zone)} to {_time_of_day(part.end, zone)}", tone="muted", depth=1)
    if part.geodatabases:
        yield _group_line("geodatabases", len(part.geodatabases))
        cells = min(MAX_ALIGNED_CELLS, max(width(geodatabase.name) for geodatabase in part.geodatabases))
        for geodatabase in part.geodatabases:
            identity = geodatabase.identity or geodatabase.name
            blanks = " " * max(0, cells - width(geodatabase.name))
            text = f"{geodatabase.name}{blanks}  {geodatabase.id}".rstrip()
            searchable = (("gdb", geodatabase.name), ("id", geodatabase.id))
            yield DetailLine(text, depth=2, key=("geodatabase", identity), searchable=searchable)
    if part.system_databases:
        yield _group_line("system databases", len(part.system_databases))
        for name in part.system_databases:
            yield DetailLine(name, depth=2, key=("database", name), searchable=(("db", name),))
    if part.buckets:
        yield _group_line("buckets", len(part.buckets))
        for name in part.buckets:
            yield DetailLine(name, depth=2, key=("bucket", name), searchable=(("bucket", name),))


def _group_line(kind: str, count: int) -> DetailLine:
    """Return the heading of a group of items."""
    return DetailLine(f"{kind} ({count})", depth=1, group=f"{count:,} {kind}")


def _time_of_day(moment: int | None, zone: dt.tzinfo) -> str:
    """Return the time of day to the second; the restore point shows the date."""
    return "-" if moment is None else format_full(moment, zone)[11:19]
