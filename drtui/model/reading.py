"""All that one look at a site returned: each resource as a value or as a Trouble, with its time and its source."""

import enum
from typing import Generic, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from drtui.model.address import Address
from drtui.model.backup import Backup
from drtui.model.site import DrSettings, DrStatus, Schedule, Site, Store

T = TypeVar("T")


class TroubleKind(enum.Enum):
    """What sort of failure: it decides the picture and the exit code."""

    REFUSED = "refused"
    """The site answered and will not tell this account: sign-in or privilege."""
    UNREACHABLE = "unreachable"
    """No answer, or none from this site: name, connection, TLS, proxy, time."""
    UNREADABLE = "unreadable"
    """An answer that is not the documented one."""
    MISSING = "missing"
    """The site says that there is no such thing."""


class Trouble(Struct, frozen=True):
    """Why something is not known, in the words of the person who has to mend it. Holds no secret."""

    kind: TroubleKind
    code: str
    """Stable, for machines: `dns`, `refused`, `tls`, `timeout`, `html`, `498`, …."""
    what: str
    """What failed, in one sentence."""
    said: str = ""
    """The server's own words, if it said any."""
    cause: str = ""
    """What most likely lies behind it."""
    advice: str = ""
    """What to do next."""
    request: str = ""
    """The request it befell, without its query: `GET https://host/context/admin`."""

    @property
    def line(self) -> str:
        """All of it in one line."""
        said = f"{self.what}: {self.said}" if self.said else self.what
        return " · ".join(filter(None, (said, self.cause, self.advice)))


class Source(enum.Enum):
    """Where an answer comes from."""

    LIVE = "live"
    SAVED = "saved"
    FILE = "file"


class Answer(Struct, Generic[T], frozen=True):
    """What came of asking for one resource: a value, or a trouble, never both and never neither."""

    at: int
    """When, epoch ms."""
    value: T | None = None
    trouble: Trouble | None = None
    source: Source = Source.LIVE


class Reading(Struct, frozen=True):
    """One look at one site. An answer that has not arrived yet, or was not asked for, is None."""

    place: str
    """What was looked at, for people: host and context, or a file."""
    address: Address | None = None
    """None for a file."""
    site: Answer[Site] | None = None
    stores: Answer[tuple[Store, ...]] | None = None
    backups: dict[str, Answer[tuple[Backup, ...]]] = {}
    """By the name of the store. Not to be changed in place."""
    status: Answer[DrStatus] | None = None
    settings: Answer[DrSettings] | None = None
    schedules: Answer[tuple[Schedule, ...]] | None = None
    user: str = ""
    complete: bool = False
    """Whether everything that was asked for has been answered."""

    def with_backups(self, store: str, answer: Answer[tuple[Backup, ...]]) -> "Reading":
        """The same reading with the backups of one store."""
        return replace(self, backups={**self.backups, store: answer})

    @property
    def all_backups(self) -> tuple[Backup, ...]:
        """The backups of every store that could be read."""
        return tuple(each for answer in self.backups.values() for each in answer.value or ())

    @property
    def troubles(self) -> tuple[tuple[str, Trouble], ...]:
        """What failed, with the name of what it was, most important first."""
        named = [("stores", _trouble(self.stores))]
        named += [(f"backups of {store}", _trouble(answer)) for store, answer in self.backups.items()]
        named += [("site", _trouble(self.site)), ("status", _trouble(self.status))]
        named += [("settings", _trouble(self.settings)), ("schedules", _trouble(self.schedules))]
        return tuple((name, trouble) for name, trouble in named if trouble is not None)

    @property
    def latest(self) -> int | None:
        """When the newest of its answers came, epoch ms."""
        answers = (self.site, self.stores, self.status, self.settings, self.schedules, *self.backups.values())
        return max((answer.at for answer in answers if answer is not None), default=None)


def _trouble(answer: Answer[T] | None) -> Trouble | None:
    """The trouble of an answer that has arrived."""
    return answer.trouble if answer is not None else None
