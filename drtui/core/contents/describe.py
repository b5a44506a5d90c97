"""How it is told where something is: the same on the screen and in a pipe."""

from collections.abc import Iterable, Iterator
from typing import assert_never

from drtui.core.contents.index import BUCKET, CLUSTER, DATABASE, GEODATABASE, Content, Contents, Held, Standing
from drtui.core.formatting.display import Statement, View
from drtui.core.formatting.text import count
from drtui.core.formatting.times import DAY, both, clock, stamp
from drtui.core.model.backup import NEVER, Backup
from drtui.core.query.query import quoted
from drtui.core.summary.labels import Mark, expiry_of

KIND_WORDS = {
    GEODATABASE: "geodatabase",
    DATABASE: "system database",
    BUCKET: "bucket",
    CLUSTER: "store instance",
}
"""What the kinds are called in sentences."""

SHORT_KINDS = {GEODATABASE: "gdb", DATABASE: "db", BUCKET: "bucket", CLUSTER: "cluster"}
"""What they are called in a narrow column, as in a filter."""

SOON = 7 * DAY
"""How long before the last usable holder of a thing that is gone expires it is said unasked, in milliseconds."""

FEW = 8
"""Characters of an id that tell apart what has the same name."""


def mark_of_standing(standing: Standing) -> Mark:
    """How it is shown whether the site still has a thing."""
    match standing:
        case Standing.PRESENT:
            return Mark("✓", "ok", "present", "")
        case Standing.GONE:
            return Mark("-", "-", "gone", "warn")
        case Standing.UNKNOWN:
            return Mark("?", "?", "cannot tell", "warn")
        case _:
            assert_never(standing)


def sign_of(held: Held, *, plain: bool) -> str:
    """One cell of the bar that says who holds a thing."""
    return (".o#" if plain else "╌▫▪")[held]


def label_of(content: Content, found: Contents) -> str:
    """Its name, a piece of its id where another has the same name, and the names from before."""
    apart = f" [{content.identity[:FEW]}]" if (content.kind, content.name) in found.namesakes else ""
    former = f" (was {', '.join(content.names[1:])})" if len(content.names) > 1 else ""
    return f"{content.name}{apart}{former}"


def state_of(content: Content, view: View) -> tuple[str, str]:
    """Whether the site still has it, and its tone; of what is gone also the day on which it was last captured."""
    mark = mark_of_standing(content.standing)
    since = f" {clock(content.last, view.zone)[:10]}" if content.standing is Standing.GONE else ""
    return mark.text(plain=view.plain) + since, mark.tone


def expiry_of_last(content: Content, found: Contents, view: View) -> tuple[str, str]:
    """When the last usable restore point that holds it expires, as a countdown, and its tone."""
    if content.keeper is None:
        mark = Mark("✗", "x", "none usable", "bad") if found.whole else Mark("?", "?", "cannot tell", "warn")
        return mark.text(plain=view.plain), mark.tone
    left = expiry_of(content.keeper.backup, view.now)
    return (f"! {left}", "warn") if alarm(content, found, view) else (left, "")


def alarm(content: Content, found: Contents, view: View) -> str:
    """What ought to be said of it unasked; nothing if all is well.

    Of what the site still has the next backup takes another copy; what is gone is only left in what there is.
    """
    if content.keeper is None:
        return _lost(content, found)
    if content.standing is Standing.PRESENT:
        return ""
    if content.usable == 1:
        return "only one usable restore point still holds it"
    end = content.keeper.backup.retention
    if end is not None and end != NEVER and end - view.now <= SOON:
        return f"the last usable restore point that holds it expires {expiry_of(content.keeper.backup, view.now)}"
    return ""


def _lost(content: Content, found: Contents) -> str:
    """Of what cannot be had back, as far as that is known."""
    if not found.whole:
        return "no restore point that could be read holds it and is usable"
    if not content.count:
        return "no restore point holds it any more"
    return "no usable restore point holds it"


def query_for(content: Content, found: Contents) -> str:
    """The filter that shows the restore points which hold it: by its name, if nothing else ever had that one."""
    value = content.name
    if content.kind == GEODATABASE:
        named = (each for each in found.entries if each.kind == GEODATABASE and value.lower() in _lower(each.names))
        value = value if content.names[1:] == () and len(list(named)) == 1 else content.identity
    return f"{SHORT_KINDS[content.kind]}={quoted(value)}"


def _lower(names: Iterable[str]) -> set[str]:
    return {name.lower() for name in names}


def told(content: Content, found: Contents, view: View) -> tuple[Statement, ...]:
    """One thing in sentences, the answer first."""
    return tuple(_told(content, found, view))


def _told(content: Content, found: Contents, view: View) -> Iterator[Statement]:
    kind = KIND_WORDS[content.kind]
    identity = f" {content.identity}" if content.identity != content.name else ""
    standing = f", {content.standing.value}" if content.standing is not Standing.UNKNOWN else ""
    yield Statement(f"{label_of(content, found)}: {kind}{identity}{standing}", "strong")
    yield from _kept(content, found, view)
    holders = f"{count(content.count, 'restore point', 'restore points')} of {len(found.points):,}"
    usable = f"{content.usable:,} of them usable" if content.count else "none to restore from"
    span = f"first {stamp(content.first, view.zone)}, last {stamp(content.last, view.zone)}"
    yield Statement(f"In {holders}, {usable}; {span}", "")
    yield from _standing(content, found)
    gone = found.remembered(content)
    if gone:
        held = count(len(gone), "more held it and is gone", "more held it and are gone")
        yield Statement(
            f"{held}: the last was {gone[0].backup.name}, seen until {stamp(gone[0].last, view.zone)}", "muted"
        )


def _kept(content: Content, found: Contents, view: View) -> Iterator[Statement]:
    """By when the last usable holder may go, and what of that is alarming."""
    wrong = alarm(content, found, view)
    if wrong:
        yield Statement(f"{wrong[:1].upper()}{wrong[1:]}", "warn" if content.keeper or not found.whole else "bad")
    if content.keeper is not None:
        yield Statement(_keeper(content.keeper.backup, view), "")
    if not found.whole:
        why = f"{found.unlisted[:1].upper()}{found.unlisted[1:]}"
        yield Statement(f"{why}: others may hold it, newer ones may not", "warn")


def _keeper(backup: Backup, view: View) -> str:
    named = f"{backup.name} ({backup.store})"
    if backup.retention is None:
        return f"Usable, without a known end of retention: {named}"
    if backup.retention == NEVER:
        return f"Usable, and kept forever: {named}"
    return f"The last usable one expires {expiry_of(backup, view.now)}, {both(backup.retention, view.zone)}: {named}"


def _standing(content: Content, found: Contents) -> Iterator[Statement]:
    """By which restore point it is told whether the site still has it."""
    if found.newest is None:
        yield Statement("Whether the site still has it cannot be told: no restore point is complete", "warn")
    elif content.standing is Standing.GONE:
        read = "" if found.whole else " of those that could be read"
        yield Statement(f"Gone: not in {found.newest.backup.name}, the newest complete restore point{read}", "warn")
    elif content.standing is Standing.UNKNOWN and found.whole:
        newest = f"{found.newest.backup.name}, the newest complete restore point,"
        text = f"Whether the site still has it cannot be told: {newest} lists no {KIND_WORDS[content.kind]} at all"
        yield Statement(text, "warn")
    if (content.kind, content.name) in found.namesakes:
        yield Statement(f"Another {KIND_WORDS[content.kind]} has the same name: created anew, or restored?", "warn")
