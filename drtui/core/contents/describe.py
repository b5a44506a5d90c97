"""How it is told where something is: the same on the screen and in a pipe."""

from collections.abc import Iterable, Iterator
from typing import assert_never

from drtui.core.contents.index import BUCKET, CLUSTER, DATABASE, GEODATABASE, ContentIndex, Holding, Item, Presence
from drtui.core.formatting.display import DisplayContext, StyledText
from drtui.core.formatting.text import plural
from drtui.core.formatting.times import DAY, format_full, format_minutes, local_and_utc
from drtui.core.model.backup import NEVER, Backup
from drtui.core.query.query import quote_value
from drtui.core.summary.labels import StatusLabel, expiry_text

KIND_WORDS = {
    GEODATABASE: "geodatabase",
    DATABASE: "system database",
    BUCKET: "bucket",
    CLUSTER: "store instance",
}
"""What the kinds are called in sentences."""

SHORT_KINDS = {GEODATABASE: "gdb", DATABASE: "db", BUCKET: "bucket", CLUSTER: "cluster"}
"""What they are called in a narrow column, as in a filter."""

EXPIRY_WARNING = 7 * DAY
"""How long before the last usable holder of a thing that is gone expires it is said unasked, in milliseconds."""

ID_PREFIX_LENGTH = 8
"""Characters of an id that tell apart what has the same name."""


def presence_label(standing: Presence) -> StatusLabel:
    """How it is shown whether the site still has a thing."""
    match standing:
        case Presence.PRESENT:
            return StatusLabel("✓", "ok", "present", "")
        case Presence.GONE:
            return StatusLabel("-", "-", "gone", "warn")
        case Presence.UNKNOWN:
            return StatusLabel("?", "?", "cannot tell", "warn")
        case _:
            assert_never(standing)


def holding_symbol(held: Holding, *, plain: bool) -> str:
    """One cell of the bar that says who holds a thing."""
    return (".o#" if plain else "╌▫▪")[held]


def item_label(content: Item, found: ContentIndex) -> str:
    """Its name, a piece of its id where another has the same name, and the names from before."""
    apart = f" [{content.identity[:ID_PREFIX_LENGTH]}]" if (content.kind, content.name) in found.shared_names else ""
    former = f" (was {', '.join(content.names[1:])})" if len(content.names) > 1 else ""
    return f"{content.name}{apart}{former}"


def item_state(content: Item, view: DisplayContext) -> tuple[str, str]:
    """Whether the site still has it, and its tone; of what is gone also the day on which it was last captured."""
    mark = presence_label(content.presence)
    since = f" {format_minutes(content.last_seen, view.zone)[:10]}" if content.presence is Presence.GONE else ""
    return mark.text(plain=view.plain) + since, mark.tone


def last_expiry_text(content: Item, found: ContentIndex, view: DisplayContext) -> tuple[str, str]:
    """When the last usable restore point that holds it expires, as a countdown, and its tone."""
    if content.last_to_expire is None:
        mark = (
            StatusLabel("✗", "x", "none usable", "bad")
            if found.is_complete
            else StatusLabel("?", "?", "cannot tell", "warn")
        )
        return mark.text(plain=view.plain), mark.tone
    left = expiry_text(content.last_to_expire.backup, view.now)
    return (f"! {left}", "warn") if item_warning(content, found, view) else (left, "")


def item_warning(content: Item, found: ContentIndex, view: DisplayContext) -> str:
    """What ought to be said of it unasked; nothing if all is well.

    Of what the site still has the next backup takes another copy; what is gone is only left in what there is.
    """
    if content.last_to_expire is None:
        return _lost(content, found)
    if content.presence is Presence.PRESENT:
        return ""
    if content.usable_count == 1:
        return "only one usable restore point still holds it"
    end = content.last_to_expire.backup.retention
    if end is not None and end != NEVER and end - view.now <= EXPIRY_WARNING:
        expires = expiry_text(content.last_to_expire.backup, view.now)
        return f"the last usable restore point that holds it expires {expires}"
    return ""


def _lost(content: Item, found: ContentIndex) -> str:
    """Of what cannot be had back, as far as that is known."""
    if not found.is_complete:
        return "no restore point that could be read holds it and is usable"
    if not content.holder_count:
        return "no restore point holds it any more"
    return "no usable restore point holds it"


def item_query(content: Item, found: ContentIndex) -> str:
    """The filter that shows the restore points which hold it: by its name, if nothing else ever had that one."""
    value = content.name
    if content.kind == GEODATABASE:
        named = (each for each in found.items if each.kind == GEODATABASE and value.lower() in _lower(each.names))
        value = value if content.names[1:] == () and len(list(named)) == 1 else content.identity
    return f"{SHORT_KINDS[content.kind]}={quote_value(value)}"


def _lower(names: Iterable[str]) -> set[str]:
    return {name.lower() for name in names}


def describe_item(content: Item, found: ContentIndex, view: DisplayContext) -> tuple[StyledText, ...]:
    """One thing in sentences, the answer first."""
    return tuple(_told(content, found, view))


def _told(content: Item, found: ContentIndex, view: DisplayContext) -> Iterator[StyledText]:
    kind = KIND_WORDS[content.kind]
    identity = f" {content.identity}" if content.identity != content.name else ""
    standing = f", {content.presence.value}" if content.presence is not Presence.UNKNOWN else ""
    yield StyledText(f"{item_label(content, found)}: {kind}{identity}{standing}", "strong")
    yield from _kept(content, found, view)
    holders = f"{plural(content.holder_count, 'restore point', 'restore points')} of {len(found.points):,}"
    usable = f"{content.usable_count:,} of them usable" if content.holder_count else "none to restore from"
    span = f"first {format_full(content.first_seen, view.zone)}, last {format_full(content.last_seen, view.zone)}"
    yield StyledText(f"In {holders}, {usable}; {span}", "")
    yield from _standing(content, found)
    gone = found.deleted_holders(content)
    if gone:
        held = plural(len(gone), "more held it and is gone", "more held it and are gone")
        yield StyledText(
            f"{held}: the last was {gone[0].backup.name}, seen until {format_full(gone[0].last_seen, view.zone)}",
            "muted",
        )


def _kept(content: Item, found: ContentIndex, view: DisplayContext) -> Iterator[StyledText]:
    """By when the last usable holder may go, and what of that is alarming."""
    wrong = item_warning(content, found, view)
    if wrong:
        yield StyledText(
            f"{wrong[:1].upper()}{wrong[1:]}", "warn" if content.last_to_expire or not found.is_complete else "bad"
        )
    if content.last_to_expire is not None:
        yield StyledText(_keeper(content.last_to_expire.backup, view), "")
    if not found.is_complete:
        why = f"{found.incomplete_reason[:1].upper()}{found.incomplete_reason[1:]}"
        yield StyledText(f"{why}: others may hold it, newer ones may not", "warn")


def _keeper(backup: Backup, view: DisplayContext) -> str:
    named = f"{backup.name} ({backup.store})"
    if backup.retention is None:
        return f"Usable, without a known end of retention: {named}"
    if backup.retention == NEVER:
        return f"Usable, and kept forever: {named}"
    moment = local_and_utc(backup.retention, view.zone)
    return f"The last usable one expires {expiry_text(backup, view.now)}, {moment}: {named}"


def _standing(content: Item, found: ContentIndex) -> Iterator[StyledText]:
    """By which restore point it is told whether the site still has it."""
    if found.newest_complete is None:
        yield StyledText("Whether the site still has it cannot be told: no restore point is complete", "warn")
    elif content.presence is Presence.GONE:
        read = "" if found.is_complete else " of those that could be read"
        yield StyledText(
            f"Gone: not in {found.newest_complete.backup.name}, the newest complete restore point{read}", "warn"
        )
    elif content.presence is Presence.UNKNOWN and found.is_complete:
        newest = f"{found.newest_complete.backup.name}, the newest complete restore point,"
        text = f"Whether the site still has it cannot be told: {newest} lists no {KIND_WORDS[content.kind]} at all"
        yield StyledText(text, "warn")
    if (content.kind, content.name) in found.shared_names:
        yield StyledText(f"Another {KIND_WORDS[content.kind]} has the same name: created anew, or restored?", "warn")
