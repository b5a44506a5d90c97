"""Obstacles to any change of a site, known without a plan: for the pane of the site and `drtui status`."""

from msgspec import Struct

from drtui.core.model.account import Account, SiteMode
from drtui.core.model.failure import FailureKind
from drtui.core.model.site_state import SiteState, Source
from drtui.core.operations.permissions import READ_ONLY, Permissions

FIRST_RELEASE = (10, 9, 1)
"""First release whose addresses of backups name their store (docs/api.md#layouts)."""

SITE_READ_ONLY = "SITE READ-ONLY"
"""Badge of a site that refuses changes, whatever is allowed here."""

NO_PRIVILEGE = "NO PRIVILEGE"
"""Badge of an account that may not change what is allowed here."""


class Obstacle(Struct, frozen=True):
    """One reason why a change is not possible."""

    code: str
    """Stable code, for machines: `not-live`, `refused`, `old-release`, `read-only`, `no-privilege`, `not-allowed`."""
    text: str


def find_standing_obstacles(state: SiteState, permissions: Permissions) -> tuple[Obstacle, ...]:
    """Return what stands against every change, the site's own reasons first; empty if nothing is known to."""
    obstacles = []
    mode, account = mode_of(state), account_of(state)
    if _is_not_live(state):
        obstacles.append(Obstacle("not-live", "site not reached"))
    if _is_refused(state):
        obstacles.append(Obstacle("refused", "the site refuses this sign-in or account"))
    if _has_old_release(state):
        obstacles.append(Obstacle("old-release", "drtui cannot change sites of release 10.9"))
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
    if "old-release" in codes:
        return READ_ONLY.label, "muted"
    if "no-privilege" in codes and "not-allowed" not in codes:
        return NO_PRIVILEGE, "warn"
    return permissions.label, "muted" if permissions.is_read_only else "warn"


def _is_not_live(state: SiteState) -> bool:
    """True if the last refresh did not reach the site, or if there was none: data is from history or a file."""
    stores = state.stores
    if stores is None or not state.is_complete:
        return False
    is_unreachable = stores.failure is not None and stores.failure.kind is FailureKind.UNREACHABLE
    return stores.source is not Source.LIVE or is_unreachable


def _is_refused(state: SiteState) -> bool:
    """True if the last refresh was refused the stores, which every change needs."""
    failure = state.stores.failure if state.stores is not None else None
    return failure is not None and failure.kind is FailureKind.REFUSED


def _has_old_release(state: SiteState) -> bool:
    release = state.site.value.release if state.site is not None and state.site.value is not None else None
    return release is not None and release.line < FIRST_RELEASE


def mode_of(state: SiteState) -> SiteMode | None:
    """Return the mode of the site; None if it is not known."""
    return state.mode.value if state.mode is not None else None


def account_of(state: SiteState) -> Account | None:
    """Return the account; None if it is not known."""
    return state.account.value if state.account is not None else None
