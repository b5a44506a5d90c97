"""The first sentence of the headline, from so little that it can be said before anything else is loaded."""

from drtui.core.formatting.durations import FUTURE, age_at, format_age, format_duration, format_short_age


class LastKnown:
    """What has to be known of a site to say the most important thing about it.

    Written out, because what makes such classes takes longer to load than there is time.

    Args:
        place: what was looked at, for people.
        read: when its list was read, epoch ms.
        target: for the age of the newest usable restore point, milliseconds.
        newest: the name of that restore point; empty if there is none.
        started: when it started, epoch ms.
        otherwise: what is said instead where there is none.
        tone: how serious that is.
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
    """What is said of a site at `now` (epoch ms) by what was saved of it, and its tone.

    `asking`: the site is being asked. `target`: another one than it was looked at with, milliseconds.
    """
    if not last_known.newest:
        return saved_prefix_text(last_known.otherwise, last_known.read, now, is_fetching=is_fetching), last_known.tone
    age, limit = age_at(last_known.started, now), target or last_known.target
    if age is None:
        text = f"Newest usable restore point {last_known.newest} started {FUTURE}"
        return saved_prefix_text(text, last_known.read, now, is_fetching=is_fetching), "bad"
    text = newest_usable_text(age, limit, last_known.newest)
    return saved_prefix_text(text, last_known.read, now, is_fetching=is_fetching), "warn" if age <= limit else "bad"


def short_text(last_known: LastKnown, now: int, target: int | None = None) -> tuple[str, str]:
    """The same in a few words, for a list of sites; nothing in it is good news, as it was only saved."""
    read = f"read {format_short_age(max(0, now - last_known.read))} ago"
    if not last_known.newest:
        return f"{read}: {last_known.otherwise[:1].lower()}{last_known.otherwise[1:]}", last_known.tone
    age = age_at(last_known.started, now)
    if age is None:
        return f"{read}: newest usable started {FUTURE}", "bad"
    return f"{read}: newest usable {format_age(age)} old", "muted" if age <= (target or last_known.target) else "bad"


def newest_usable_text(age: int, target: int, name: str) -> str:
    """The newest usable restore point: its age against the target, both in milliseconds."""
    comparison = f"{'within' if age <= target else 'past'} the target of {format_duration(target)}"
    return f"Newest usable restore point: {format_age(age)} old, {comparison} ({name})"


def saved_prefix_text(text: str, read: int, now: int, *, is_fetching: bool) -> str:
    """What rests on what was saved begins by saying so."""
    age = format_age(max(0, now - read))
    return f"Saved {age} ago ({'asking' if is_fetching else 'offline'}): {text[:1].lower()}{text[1:]}"
