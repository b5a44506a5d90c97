"""What the interface was started with."""

import datetime as dt
from collections.abc import Callable

from msgspec import Struct

from drtui.keybindings import Command, apply_user_keys
from drtui.session import ConnectionOptions, Target, now_ms
from drtui.session.prefetch import Prefetch


class Options(Struct, frozen=True):
    """Everything that a start of the interface can be told."""

    target: Target | None
    """What to look at; None: ask."""
    access: ConnectionOptions
    command_line: ConnectionOptions = ConnectionOptions()
    """What was asked for on the command line, before a profile added to it: other sites get their share of that."""
    now: int | None = None
    """Judge as of this moment, epoch ms; None for the present."""
    zone: dt.tzinfo = dt.UTC
    is_zone_chosen: bool = False
    """Whether that zone was asked for, and is not just the one of this machine."""
    rpo: int | None = None
    """The target for the age of the newest usable restore point, milliseconds; None for the site's own, or 24 h."""
    plain: bool = False
    """Keep symbols to ASCII."""
    mouse: bool = True
    theme: str = ""
    commands: tuple[Command, ...] = apply_user_keys({})
    """What can be done, with the keys that do it."""
    arguments: tuple[str, ...] = ()
    """The command line by which it was started."""
    prefetch: Prefetch | None = None
    """The first look, if it has been begun already."""
    clock: Callable[[], int] = now_ms
    follow_interval: float = 10.0
    """Seconds between two looks at the status while an operation goes on; the unit of every other wait."""
