"""The first sentence of the headline from a few saved values, displayed before other modules are imported."""

from drtui.core.formatting.durations import FUTURE, age_at, format_age, format_duration, format_short_age


class LastKnown:
    """The saved values of a site for the first sentence of the headline.

    A plain class, because importing msgspec or dataclasses would delay the first output. The attributes are saved
    under their names: do not rename them.

    Args:
        place: the name of the site, for people.
        read: when the list of backups was read, epoch ms.
        target: the recovery point objective, milliseconds.
        newest: the name of the newest usable restore point; empty if there is none.
        started: the start of that restore point, epoch ms.
        otherwise: the sentence to display if there is none.
        tone: the tone of `otherwise`.
    """

    __slots__ = ("newest", "otherwise", "place", "read", "started", "target", "tone")

    def __init__(
        self,
        place: str,
        read: int,
        target: int,
        newest: str = "",
        started: int = 0,
        otherwise: str = "",
        tone: str = "bad",
    ) -> None:
        self.place, self.read, self.target = place, read, target
        self.newest, self.started, self.otherwise, self.tone = newest, started, otherwise, tone


def headline_text(last_known: LastKnown, now: int, *, is_fetching: bool, target: int | None = None) -> tuple[str, str]:
    """Return the first sentence of the headline from saved values as of `now` (epoch ms), and its tone.

    `is_fetching` says that answers of the site are awaited; `target` (milliseconds) replaces the saved target.
    """
    text, tone = last_known.otherwise, last_known.tone
    if last_known.newest:
        age, limit = age_at(last_known.started, now), target or last_known.target
        if age is None:
            text, tone = f"Newest usable restore point {last_known.newest} started {FUTURE}", "bad"
        else:
            text, tone = newest_usable_text(age, limit, last_known.newest), "warn" if age <= limit else "bad"
    return saved_prefix_text(text, last_known.read, now, is_fetching=is_fetching), tone


def short_text(last_known: LastKnown, now: int, target: int | None = None) -> tuple[str, str]:
    """Return the saved state of a site in a few words, for a list of sites, and its tone; saved data is never good."""
    prefix = f"read {format_short_age(max(0, now - last_known.read))} ago"
    if not last_known.newest:
        return f"{prefix}: {last_known.otherwise[:1].lower()}{last_known.otherwise[1:]}", last_known.tone
    age = age_at(last_known.started, now)
    if age is None:
        return f"{prefix}: newest usable started {FUTURE}", "bad"
    return f"{prefix}: newest usable {format_age(age)} old", "muted" if age <= (target or last_known.target) else "bad"


def newest_usable_text(age: int, target: int, name: str) -> str:
    """Return a sentence on the newest usable restore point: its age against the target, both in milliseconds."""
    comparison = f"{'within' if age <= target else 'past'} the target of {format_duration(target)}"
    return f"Newest usable restore point: {format_age(age)} old, {comparison} ({name})"


def saved_prefix_text(text: str, read: int, now: int, *, is_fetching: bool) -> str:
    """Return `text` after the age of the saved data it is based on; `read` and `now` are epoch ms."""
    age = format_age(max(0, now - read))
    return f"Saved {age} ago ({'asking' if is_fetching else 'offline'}): {text[:1].lower()}{text[1:]}"
