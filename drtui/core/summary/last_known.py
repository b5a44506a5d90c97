"""The first sentence of the headline from a few saved values, displayed before other modules are imported."""

from drtui.core.formatting.durations import FUTURE, age_at, format_age, format_duration, format_short_age

CANNOT_TELL_SYMBOL, CANNOT_TELL_ASCII, CANNOT_TELL_WORD = "?", "?", "CANNOT TELL"
"""The state of a site of which only saved data is known, as the health check grades it."""


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


def saved_sentence(last_known: LastKnown, now: int, target: int | None = None) -> tuple[str, str]:
    """Return the first sentence of the headline from saved values as of `now` (epoch ms), and a shorter one.

    `target` (milliseconds) replaces the saved target.
    """
    text = short = last_known.otherwise
    if last_known.newest:
        age, limit = age_at(last_known.started, now), target or last_known.target
        text, short = newest_usable_texts(age, limit)
    return read_before_text(text, last_known.read, now), read_before_text(short, last_known.read, now)


def headline_text(last_known: LastKnown, now: int, target: int | None = None) -> str:
    """Return the first line of the headline from saved values as of `now` (epoch ms), for a pipe."""
    return state_line(CANNOT_TELL_WORD, saved_sentence(last_known, now, target)[0], last_known.newest)


def state_line(word: str, sentence: str, name: str) -> str:
    """Return the first line of the headline for a pipe: `SAFE: Newest usable ... target 24 h (nightly-1)`."""
    return f"{word}: {sentence}{f' ({name})' if name else ''}"


def short_text(last_known: LastKnown, now: int, target: int | None = None) -> tuple[str, str]:
    """Return the saved state of a site in a few words, for a list of sites, and its tone; saved data is never good."""
    prefix = f"read {format_short_age(max(0, now - last_known.read))} ago"
    if not last_known.newest:
        return f"{prefix}: {last_known.otherwise[:1].lower()}{last_known.otherwise[1:]}", last_known.tone
    age = age_at(last_known.started, now)
    if age is None:
        return f"{prefix}: newest usable started {FUTURE}", "bad"
    return f"{prefix}: newest usable {format_age(age)} old", "muted" if age <= (target or last_known.target) else "bad"


def newest_usable_texts(age: int | None, target: int) -> tuple[str, str]:
    """Return a sentence on the newest usable restore point, and a shorter one.

    `age` and `target` in milliseconds; no age if the start is in the future.
    """
    if age is None:
        return f"Newest usable restore point started {FUTURE}", f"Newest usable started {FUTURE}"
    limit = format_duration(target)
    comparison = f"; target {limit}" if age <= target else f", over the target of {limit}"
    return (
        f"Newest usable restore point is {format_age(age)} old{comparison}",
        f"Newest usable {format_age(age)} old{comparison}",
    )


def read_before_text(text: str, read: int, now: int) -> str:
    """Return `text` after the age of the data it is based on; `read` and `now` are epoch ms."""
    return f"Read {format_age(max(0, now - read))} ago: {text[:1].lower()}{text[1:]}"
