"""What is no alarm: while a restore goes on, the site is away, and says so in many ways (RULES R37)."""

from drtui.core.model.site_state import Reading, Trouble
from drtui.core.model.state import State, state_of

AWAY = frozenset({"connection-refused", "dropped", "timeout", "404", "500", "502", "503", "504"})
"""Codes of how a site fails that is being restored: nobody listens, the gateway has nobody to ask, half of it is up."""

WHY = "expected while a restore goes on"


def expected(reading: Reading, trouble: Trouble) -> bool:
    """Whether a failure is what a restore brings about: as far as the site last said, one goes on."""
    status = reading.status.value if reading.status is not None else None
    going = status is not None and status.restores and state_of(status.state) is State.GOING
    return going and trouble.code in AWAY
