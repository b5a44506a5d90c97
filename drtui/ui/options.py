"""Options with which the interface was started."""

import datetime as dt
from collections.abc import Callable

from msgspec import Struct

from drtui.keybindings import Command, apply_user_keys
from drtui.session import ConnectionOptions, Target, now_ms
from drtui.session.prefetch import Prefetch


class Options(Struct, frozen=True):
    """Options of the interface."""

    target: Target | None
    """The site to show; None to ask for one."""
    access: ConnectionOptions
    command_line: ConnectionOptions = ConnectionOptions()
    """Connection options from the command line only, without those of a profile; also applied to other sites."""
    now: int | None = None
    """The time of the assessment, epoch ms; None for the present."""
    zone: dt.tzinfo = dt.UTC
    is_zone_chosen: bool = False
    """True if the zone was chosen by an option, and is not the zone of this machine."""
    rpo: int | None = None
    """Highest allowed age of the newest usable restore point, milliseconds; None for the site's target, or 24 h."""
    plain: bool = False
    """True to use only ASCII symbols."""
    mouse: bool = True
    theme: str = ""
    commands: tuple[Command, ...] = apply_user_keys({})
    """All commands with their keys."""
    arguments: tuple[str, ...] = ()
    """The command line arguments."""
    prefetch: Prefetch | None = None
    """The first refresh, if it has already been started."""
    clock: Callable[[], int] = now_ms
    allow_changes: bool = False
    """True if every kind of change is allowed, whatever the profile says."""
    follow_interval: float = 10.0
    """Seconds between two status requests during an operation; other intervals are multiples of this one."""
