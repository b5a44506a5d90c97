"""Describe which restore points contain a geodatabase, database or bucket, for the interface and the command line."""

from collections.abc import Iterator

from drtui.core.contents.index import BUCKET, CLUSTER, DATABASE, GEODATABASE, ContentIndex, Holding, Item, Presence
from drtui.core.formatting.display import DisplayContext, StyledText
from drtui.core.formatting.durations import DAY
from drtui.core.formatting.text import plural
from drtui.core.formatting.times import format_full, format_minutes, local_and_utc
from drtui.core.model.backup import NEVER, Backup
from drtui.core.query.query import quote_value
from drtui.core.summary.labels import StatusLabel, expiry_text

KIND_WORDS = {
    GEODATABASE: "geodatabase",
    DATABASE: "system database",
    BUCKET: "bucket",
    CLUSTER: "store instance",
}
"""The names of the kinds of item in sentences."""

SHORT_KINDS = {GEODATABASE: "gdb", DATABASE: "db", BUCKET: "bucket", CLUSTER: "cluster"}
"""The names of the kinds in narrow columns and in filters."""

EXPIRY_WARNING = 7 * DAY
"""Warn if the last usable holder of a deleted item expires within this time, in milliseconds."""

ID_PREFIX_LENGTH = 8
"""Characters of an id that distinguish items with the same name."""


PRESENCE_LABELS = {
    Presence.PRESENT: StatusLabel("✓", "ok", "present", ""),
    Presence.GONE: StatusLabel("-", "-", "gone", "warn"),
    Presence.UNKNOWN: StatusLabel("?", "?", "cannot tell", "warn"),
}
"""Labels that say if the site still has an item."""


def holding_symbol(holding: Holding, *, plain: bool) -> str:
    """Return the symbol of one cell of the bar that shows which restore points contain an item."""
    return (".x+" if plain else "⋅✗✓")[holding]


def item_label(item: Item, index: ContentIndex) -> str:
    """Return the name of an item, part of its id if another item has the same name, and its former names."""
    prefix = f" [{item.identity[:ID_PREFIX_LENGTH]}]" if (item.kind, item.name) in index.shared_names else ""
    former = f" (was {', '.join(item.names[1:])})" if len(item.names) > 1 else ""
    return f"{item.name}{prefix}{former}"


def item_state(item: Item, view: DisplayContext) -> tuple[str, str]:
    """Return the presence of an item and its tone; of a deleted item also the day it was last captured."""
    mark = PRESENCE_LABELS[item.presence]
    since = f" {format_minutes(item.last_seen, view.zone)[:10]}" if item.presence is Presence.GONE else ""
    return mark.text(plain=view.plain) + since, mark.tone


def last_expiry_text(item: Item, index: ContentIndex, view: DisplayContext) -> tuple[str, str]:
    """Return the countdown to the expiry of the last usable restore point with this item, and its tone."""
    if item.last_to_expire is None:
        mark = StatusLabel("?", "?", "cannot tell", "warn")
        if index.is_complete:
            mark = StatusLabel("✗", "x", "none usable", "bad")
        return mark.text(plain=view.plain), mark.tone
    countdown = expiry_text(item.last_to_expire.backup, view.now)
    return (f"! {countdown}", "warn") if item_warning(item, index, view) else (countdown, "")


def item_warning(item: Item, index: ContentIndex, view: DisplayContext) -> str:
    """Return a warning if this item may soon be unrecoverable, else "".

    Items still on the site will be in the next backup; deleted items exist only in the restore points already made.
    """
    if item.last_to_expire is None:
        return _unrecoverable_text(item, index)
    if item.presence is Presence.PRESENT:
        return ""
    if item.usable_count == 1:
        return "only one usable restore point contains it"
    end = item.last_to_expire.backup.retention
    if end is not None and end != NEVER and end - view.now <= EXPIRY_WARNING:
        expires = expiry_text(item.last_to_expire.backup, view.now)
        return f"the last usable restore point with it expires {expires}"
    return ""


def _unrecoverable_text(item: Item, index: ContentIndex) -> str:
    """Return the reason why an item cannot be restored, as far as the lists are known."""
    if not index.is_complete:
        return "not in any usable restore point that could be read"
    if not item.holder_count:
        return "no restore point contains it any more"
    return "no usable restore point contains it"


def item_query(item: Item, index: ContentIndex) -> str:
    """Return the filter for the restore points with this item: by name if the name is unique, else by id."""
    value = item.name
    if item.kind == GEODATABASE:
        geodatabases = (entry for entry in index.items if entry.kind == GEODATABASE)
        same_name = [entry for entry in geodatabases if value.lower() in map(str.lower, entry.names)]
        value = value if item.names[1:] == () and len(same_name) == 1 else item.identity
    return f"{SHORT_KINDS[item.kind]}={quote_value(value)}"


def describe_item(item: Item, index: ContentIndex, view: DisplayContext) -> Iterator[StyledText]:
    """Describe an item in sentences, the most important first."""
    kind = KIND_WORDS[item.kind]
    identity = f" {item.identity}" if item.identity != item.name else ""
    presence = f", {item.presence.value}" if item.presence is not Presence.UNKNOWN else ""
    yield StyledText(f"{item_label(item, index)}: {kind}{identity}{presence}", "strong")
    yield from _recovery_sentences(item, index, view)
    holders = f"{plural(item.holder_count, 'restore point', 'restore points')} of {len(index.points):,}"
    usable = f"{item.usable_count:,} usable" if item.holder_count else "nothing to restore from"
    span = f"first {format_full(item.first_seen, view.zone)}, last {format_full(item.last_seen, view.zone)}"
    yield StyledText(f"In {holders} ({usable}); {span}", "")
    yield from _presence_sentences(item, index)
    deleted = index.deleted_holders(item)
    if deleted:
        number = plural(
            len(deleted), "deleted restore point also contained it", "deleted restore points also contained it"
        )
        last = f"{deleted[0].backup.name}, seen until {format_full(deleted[0].last_seen, view.zone)}"
        yield StyledText(f"{number}: last {last}", "muted")


def _recovery_sentences(item: Item, index: ContentIndex, view: DisplayContext) -> Iterator[StyledText]:
    """Yield the warning, the expiry of the last usable holder, and a note if more holders may exist."""
    warning = item_warning(item, index, view)
    if warning:
        tone = "warn" if item.last_to_expire or not index.is_complete else "bad"
        yield StyledText(f"{warning[:1].upper()}{warning[1:]}", tone)
    if item.last_to_expire is not None:
        yield StyledText(_last_holder_text(item.last_to_expire.backup, view), "")
    if not index.is_complete:
        reason = f"{index.incomplete_reason[:1].upper()}{index.incomplete_reason[1:]}"
        yield StyledText(f"{reason}: other restore points may contain it", "warn")


def _last_holder_text(backup: Backup, view: DisplayContext) -> str:
    name = f"{backup.name} ({backup.store})"
    if backup.retention is None:
        return f"Usable, retention date unknown: {name}"
    if backup.retention == NEVER:
        return f"Usable, never expires: {name}"
    moment = local_and_utc(backup.retention, view.zone)
    return f"Last usable copy expires {expiry_text(backup, view.now)}, {moment}: {name}"


def _presence_sentences(item: Item, index: ContentIndex) -> Iterator[StyledText]:
    """Yield the restore point that shows that the item is gone, or the reason why its presence is unknown."""
    if index.newest_complete is None:
        yield StyledText("Unknown whether the site still has it: no restore point is complete", "warn")
    elif item.presence is Presence.GONE:
        read = "" if index.is_complete else ", as far as could be read"
        newest = index.newest_complete.backup.name
        yield StyledText(f"Gone: not in {newest}, the newest complete restore point{read}", "warn")
    elif item.presence is Presence.UNKNOWN and index.is_complete:
        newest = f"{index.newest_complete.backup.name}, the newest complete restore point,"
        text = f"Unknown whether the site still has it: {newest} lists no {KIND_WORDS[item.kind]}"
        yield StyledText(text, "warn")
    if (item.kind, item.name) in index.shared_names:
        yield StyledText(f"Another {KIND_WORDS[item.kind]} has the same name: re-created, or restored?", "warn")
