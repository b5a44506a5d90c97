"""Confirmation of a change: what a person types, or what `--yes` equals."""

import enum
from collections.abc import Sequence

from msgspec import Struct

from drtui.core.formatting.durations import DAY
from drtui.core.model.address import Address
from drtui.core.model.backup import NEVER
from drtui.core.operations.facts import Facts
from drtui.core.operations.preflight import deletion_reasons, shortens
from drtui.core.operations.request import Change, CreateBackup, DeleteBackup, KeepBackup, RestoreBackup, ValidateStore

AUTO = "auto"
"""Value of `--yes` for a backup whose name drtui chose."""

DELETION_PHRASES = {
    "newest-usable": "delete the newest usable",
    "only-usable": "delete the only usable",
    "kept-for-ever": "delete although kept forever",
    "running": "delete while running",
}
"""The phrase to type for each code of `preflight.deletion_reasons`, besides the name."""


class Confirming(enum.Enum):
    """The way in which a change is confirmed."""

    NOTHING = "nothing"
    """It is sent without a question."""
    CONFIRM = "confirm"
    """One key or button is enough."""
    TYPE = "type"
    """Each phrase is typed."""


class Phrase(Struct, frozen=True):
    """A text to type, and the texts that are accepted instead of it."""

    text: str
    others: tuple[str, ...] = ()

    def accepts(self, typed: str) -> bool:
        """True if `typed` is exactly one of the texts; blanks at both ends do not count."""
        return typed.strip() in {self.text, *self.others}


class Confirmation(Struct, frozen=True):
    """The texts that confirm a change."""

    way: Confirming
    phrases: tuple[Phrase, ...] = ()
    """The phrases in the order in which they are asked for. One for `CONFIRM`, which a dialog need not ask for."""

    @property
    def answers(self) -> tuple[str, ...]:
        """The texts that confirm the change: the values of `--yes`, and what a dialog passes on after a key."""
        return tuple(phrase.text for phrase in self.phrases)

    def is_met_by(self, typed: Sequence[str]) -> bool:
        """True if the typed texts, or the values of `--yes`, confirm the change. Validating takes any."""
        if self.way is Confirming.NOTHING:
            return True
        return len(typed) == len(self.phrases) and all(
            phrase.accepts(text) for phrase, text in zip(self.phrases, typed, strict=True)
        )


def required_confirmation(change: Change, facts: Facts, address: Address, profile: str = "") -> Confirmation:
    """Return the confirmation that a change requires, given the facts about the site."""
    match change:
        case ValidateStore():
            return Confirmation(Confirming.NOTHING)
        case CreateBackup():
            return Confirmation(Confirming.CONFIRM, (Phrase(AUTO if change.is_auto else change.name),))
        case KeepBackup():
            way = Confirming.TYPE if _is_risky(change, facts) else Confirming.CONFIRM
            return Confirmation(way, (Phrase(change.name),))
        case DeleteBackup():
            points = facts.find_points(change.store, change.name)
            reasons = dict.fromkeys(reason for point in points for reason in deletion_reasons(point, facts))
            second = Phrase(_second_phrase(tuple(reasons)))
            return Confirmation(Confirming.TYPE, (Phrase(change.name), *((second,) if reasons else ())))
        case RestoreBackup():
            names = [f"{name}/{change.name}" for name in (host_without_port(address), profile) if name]
            return Confirmation(Confirming.TYPE, (Phrase(names[0], tuple(names[1:])),))
        case _:
            return Confirmation(Confirming.CONFIRM, (Phrase(change.name, (change.task,)),))


def _is_risky(change: KeepBackup, facts: Facts) -> bool:
    """True if a new date of retention is earlier than the present one, or less than a day ahead."""
    if change.retention != NEVER and change.retention < facts.now + DAY:
        return True
    points = facts.find_points(change.store, change.name)
    return not points or any(shortens(point.backup, change.retention) for point in points)


def _second_phrase(reasons: tuple[str, ...]) -> str:
    """Return the phrase for the most serious reason; "" without any."""
    order = [code for code in ("running", "only-usable", "newest-usable", "kept-for-ever") if code in reasons]
    return DELETION_PHRASES[order[0]] if order else ""


def host_without_port(address: Address) -> str:
    """Return the host of an address without its port."""
    host, _, port = address.host.rpartition(":")
    return host if port.isdigit() else address.host  # an IPv6 address ends with a bracket
