"""One restore point laid out for reading: what is said of it, and what is in it."""

import datetime as dt
from collections.abc import Iterator

from msgspec import Struct

from drtui.core.analysis.capture_window import capture_window
from drtui.core.formatting.times import UTC, format_age, format_elapsed, format_full
from drtui.core.model.backup import EXPECTED_PARTS, INFRASTRUCTURE, NEVER, OBJECT, RELATIONAL, Backup, Part
from drtui.core.query.highlight import Span
from drtui.core.query.query import Query
from drtui.core.summary.labels import expiry_text, level_label, origin_text, started_ago_text, state_label
from drtui.core.verdict.restore_points import RestorePoint

LABELS = {RELATIONAL: "Relational store", OBJECT: "Object store", INFRASTRUCTURE: "Infrastructure"}


class DetailLine(Struct, frozen=True):
    """One line of an outline."""

    text: str
    label: str = ""
    tone: str = ""
    depth: int = 0
    key: tuple[str, str] | None = None
    """What it stands for, if one can ask more about it: `geodatabase` or `bucket`, and its identity."""
    searchable: tuple[tuple[str, str], ...] = ()
    """What of the text a filter can be about, in order: the field, and the piece of the text."""

    def highlights(self, query: Query) -> tuple[Span, ...]:
        """Where in the text stands what a filter looks for."""
        found: list[Span] = []
        end = 0
        for place, piece in self.searchable:
            start = self.text.find(piece, end)
            if start >= 0:
                end = start + len(piece)
                found += ((start + first, start + after) for first, after in query.found(place, piece))
        return tuple(found)


class Details(Struct, frozen=True):
    """A restore point in four columns, each readable alone."""

    overview: tuple[DetailLine, ...]
    relational: tuple[DetailLine, ...]
    object_store: tuple[DetailLine, ...]
    other_parts: tuple[DetailLine, ...]

    @property
    def parts(self) -> tuple[DetailLine, ...]:
        """All its parts, one after another."""
        return self.relational + self.object_store + self.other_parts


def build_details(point: RestorePoint, now: int, zone: dt.tzinfo, *, plain: bool = False) -> Details:
    """The outline of a restore point at `now` (epoch ms), times in `zone`; `plain` keeps symbols to ASCII."""
    backup = point.backup
    unknown = [part for part in backup.parts if part.kind not in EXPECTED_PARTS]

    def column(kind: str) -> tuple[DetailLine, ...]:
        parts = backup.parts_of_kind(kind)
        lines = [item for part in parts for item in _part(part, zone, plain)]
        return tuple(lines) or (DetailLine(LABELS[kind]), DetailLine("not in the record", tone="warn", depth=1))

    others = column(INFRASTRUCTURE) + tuple(item for part in unknown for item in _part(part, zone, plain))
    return Details(tuple(_facts(point, now, zone, plain)), column(RELATIONAL), column(OBJECT), others)


def _facts(point: RestorePoint, now: int, zone: dt.tzinfo, plain: bool) -> Iterator[DetailLine]:
    """Verdict and reasons first, then times, then where it comes from."""
    backup, mark = point.backup, level_label(point.verdict.level)
    yield DetailLine(backup.name or "(no name)", searchable=(("name", backup.name),))
    yield DetailLine(mark.text(plain=plain), tone=mark.tone, searchable=(("verdict", mark.word),))
    for reason in point.verdict.reasons:
        yield DetailLine(reason.text, tone=level_label(reason.level).tone, depth=1)
    yield DetailLine(started_ago_text(backup.start, now), "age")
    yield DetailLine(format_full(backup.start, zone), "started")
    if zone is not UTC:
        yield DetailLine(format_full(backup.start, UTC), "UTC", tone="muted")
    yield DetailLine(format_full(backup.end, zone), "completed")
    yield DetailLine(format_elapsed(backup.duration), "took")
    yield from capture_window_lines(backup)
    yield DetailLine(expiry_text(backup, now), "expires")
    if backup.retention is not None and backup.retention != NEVER:
        yield DetailLine(format_full(backup.retention, zone), "until")
    yield DetailLine(backup.store, "store", searchable=(("store", backup.store),))
    if backup.recorded_store not in {"", backup.store}:
        yield DetailLine(backup.recorded_store, "made in", tone="warn")
    kind = origin_text(backup)
    yield DetailLine(
        ", ".join(filter(None, (kind, backup.backup_type, backup.category))), "kind", searchable=(("kind", kind),)
    )
    yield DetailLine(backup.release or "-", "release", searchable=(("release", backup.release),))
    yield DetailLine(" / ".join(filter(None, (backup.site_name, backup.namespace))) or "-", "site")
    if backup.description:
        yield DetailLine(backup.description, "note", searchable=(("description", backup.description),))


def capture_window_lines(backup: Backup) -> Iterator[DetailLine]:
    """How far apart the parts were captured: in that window they may disagree (rule R5)."""
    found = capture_window(backup)
    if found is None:
        return
    yield DetailLine(f"{format_age(found.spread)} from first to last part: in it they may disagree", "window")
    if found.skew is not None and found.skew:
        when = "after" if found.skew > 0 else "before"
        yield DetailLine(f"object store done {format_age(abs(found.skew))} {when} the relational store", "skew")


def _part(part: Part, zone: dt.tzinfo, plain: bool) -> Iterator[DetailLine]:
    """A part with its status and times, then what is in it."""
    mark, tone = state_label(part.status), "bad" if part.has_failed else ""
    kind = LABELS.get(part.kind, part.kind)
    yield DetailLine(f"{kind} {part.cluster}".strip(), searchable=(("part", kind), ("cluster", part.cluster)))
    said = f"{mark.text(plain=plain)}, {format_elapsed(part.duration)}"
    yield DetailLine(said, tone=tone or mark.tone, depth=1, searchable=(("status", mark.word),))
    yield DetailLine(f"{_clock(part.start, zone)} to {_clock(part.end, zone)}", tone="muted", depth=1)
    if part.geodatabases:
        yield DetailLine(f"geodatabases ({len(part.geodatabases)})", depth=1)
        for each in part.geodatabases:
            identity = each.identity or each.name
            said, told = f"{each.name}  {each.id}".rstrip(), (("gdb", each.name), ("id", each.id))
            yield DetailLine(said, depth=2, key=("geodatabase", identity), searchable=told)
    if part.system_databases:
        yield DetailLine(f"system databases ({len(part.system_databases)})", depth=1)
        for name in part.system_databases:
            yield DetailLine(name, depth=2, key=("database", name), searchable=(("db", name),))
    if part.buckets:
        yield DetailLine(f"buckets ({len(part.buckets)})", depth=1)
        for name in part.buckets:
            yield DetailLine(name, depth=2, key=("bucket", name), searchable=(("bucket", name),))


def _clock(moment: int | None, zone: dt.tzinfo) -> str:
    """The time of day to the second; the date is that of the restore point."""
    return "-" if moment is None else format_full(moment, zone)[11:19]
