"""Obstacles to any change of a site, known without a plan: for the pane of the site and `drtui status`."""

from msgspec import Struct

from drtui.core.model.account import Account, SiteMode
from drtui.core.model.site_state import SiteState
from drtui.core.operations.permissions import Permissions

SITE_READ_ONLY = "SITE READ-ONLY"
"""Badge of a site that refuses changes, whatever is allowed here."""

NO_PRIVILEGE = "NO PRIVILEGE"
"""Badge of an account that may not change what is allowed here."""


class Obstacle(Struct, frozen=True):
    """One reason why a change is not possible."""

    code: str
    """Stable code, for machines: `read-only`, `no-privilege`, `not-allowed`."""
    text: str


def find_standing_obstacles(state: SiteState, permissions: Permissions) -> tuple[Obstacle, ...]:
    """Return what stands against every change, the site's own reasons first; empty if nothing is known to."""
    obstacles = []
    mode, account = mode_of(state), account_of(state)
    if mode is not None and mode.is_read_only:
        obstacles.append(Obstacle("read-only", mode.text))
    if account is not None and account.has_admin_privilege is False:
        obstacles.append(Obstacle("no-privilege", f"{account.user} has no administrative privilege"))
    if permissions.is_read_only:
        obstacles.append(Obstacle("not-allowed", "needs --allow-changes, or changes = [...] in the site's profile"))
    return tuple(obstacles)


def change_badge(state: SiteState, permissions: Permissions) -> tuple[str, str]:
    """Return the badge of every screen with its tone: `READ-ONLY`, `CHANGES ON`, or what makes the latter untrue."""
    codes = {obstacle.code for obstacle in find_standing_obstacles(state, permissions)}
    if "read-only" in codes:
        return SITE_READ_ONLY, "warn"
    if codes == {"no-privilege"}:
        return NO_PRIVILEGE, "warn"
    return permissions.label, "muted" if permissions.is_read_only else "warn"


def mode_of(state: SiteState) -> SiteMode | None:
    """Return the mode of the site; None if it is not known."""
    return state.mode.value if state.mode is not None else None


def account_of(state: SiteState) -> Account | None:
    """Return the account; None if it is not known."""
    return state.account.value if state.account is not None else None
