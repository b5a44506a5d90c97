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


def headline_text(glance: LastKnown, now: int, *, asking: bool, target: int | None = None) -> tuple[str, str]:
    """What is said of a site at `now` (epoch ms) by what was saved of it, and its tone.

    `asking`: the site is being asked. `target`: another one than it was looked at with, milliseconds.
    """
    if not glance.newest:
        return saved_prefix_text(glance.otherwise, glance.read, now, asking=asking), glance.tone
    old, limit = age_at(glance.started, now), target or glance.target
    if old is None:
        said = f"Newest usable restore point {glance.newest} started {FUTURE}"
        return saved_prefix_text(said, glance.read, now, asking=asking), "bad"
    said = newest_usable_text(old, limit, glance.newest)
    return saved_prefix_text(said, glance.read, now, asking=asking), "warn" if old <= limit else "bad"


def short_text(glance: LastKnown, now: int, target: int | None = None) -> tuple[str, str]:
    """The same in a few words, for a list of sites; nothing in it is good news, as it was only saved."""
    read = f"read {format_short_age(max(0, now - glance.read))} ago"
    if not glance.newest:
        return f"{read}: {glance.otherwise[:1].lower()}{glance.otherwise[1:]}", glance.tone
    old = age_at(glance.started, now)
    if old is None:
        return f"{read}: newest usable started {FUTURE}", "bad"
    return f"{read}: newest usable {format_age(old)} old", "muted" if old <= (target or glance.target) else "bad"


def newest_usable_text(old: int, target: int, name: str) -> str:
    """The newest usable restore point: its age against the target, both in milliseconds."""
    against = f"{'within' if old <= target else 'past'} the target of {format_duration(target)}"
    return f"Newest usable restore point: {format_age(old)} old, {against} ({name})"


def saved_prefix_text(text: str, read: int, now: int, *, asking: bool) -> str:
    """What rests on what was saved begins by saying so."""
    age = format_age(max(0, now - read))
    return f"Saved {age} ago ({'asking' if asking else 'offline'}): {text[:1].lower()}{text[1:]}"
