"""The reply of a site to a request that changes it."""

import enum

from msgspec import Struct

from drtui.core.model.failure import Failure


class ReplyKind(enum.Enum):
    """State of a request that was sent, as far as it is known."""

    NOT_SENT = "not_sent"
    """Nothing has left this machine: no connection, or the sign-in failed."""
    ACCEPTED = "accepted"
    """The site accepted the request. For a backup or a restore that is not its end."""
    ERROR = "error"
    """The site refused the request or reported an error."""
    UNCLEAR = "unclear"
    """An answer of unknown form, often from a gateway: the site may have accepted the request."""
    LOST = "lost"
    """The request may have reached the site; no answer came back."""


class Reply(Struct, frozen=True):
    """The reply to a request that was sent once."""

    kind: ReplyKind
    text: str = ""
    """The words of the site without secrets, for people; empty if it sent none."""
    job: str = ""
    """Id of the job; empty if the reply names none."""
    is_ready: bool | None = None
    """Answer of a store that was validated; None if the reply has none."""
    failure: Failure | None = None
    """The reason, unless the request was accepted."""

    @property
    def may_be_accepted(self) -> bool:
        """True if the site may have accepted the request although no reply says so."""
        return self.kind in {ReplyKind.UNCLEAR, ReplyKind.LOST}
