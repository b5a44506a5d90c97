"""The words for the account, its sign-in, and whether it can change the site."""

from drtui.core.formatting.durations import format_duration
from drtui.core.model.account import Account
from drtui.core.model.auth import SignIn
from drtui.core.model.config import CHANGE_KINDS
from drtui.core.model.failure import FailureKind
from drtui.core.model.site_state import SiteState
from drtui.core.operations.obstacles import account_of, find_standing_obstacles
from drtui.core.operations.permissions import Permissions
from drtui.core.summary.labels import failure_word

ROLE_WORDS = {
    "org_admin": "default administrator",
    "org_publisher": "publisher",
    "org_user": "user",
    "iAAAAAAAAAAAAAAA": "viewer",
    "iBBBBBBBBBBBBBBB": "data editor",
}
"""Words for the roles of every portal, by their id (docs/api.md#account)."""


def role_text(account: Account) -> str:
    """Return the role in words, a custom role by its id: the account does not contain its name."""
    role = account.role_id or account.role
    if not role:
        return "role unknown"
    return ROLE_WORDS.get(role, f"custom role {role}")


def account_text(state: SiteState, sign_in: SignIn) -> str:
    """Return the user and the role; a given name with the reason if the account could not be read, "" without both."""
    account, answer = account_of(state), state.account
    if account is not None:
        return f"as {account.user}, {role_text(account)}"
    if answer is None or answer.failure is None:
        return f"as {sign_in.user}" if sign_in.user else ""
    return f"as {sign_in.user or 'unknown user'}, role unknown ({failure_word(answer.failure)})"


def sign_in_text(sign_in: SignIn, now: int) -> str:
    """Return how the account signed in and how long its token lasts, at `now` (epoch ms); "" without a sign-in."""
    if not sign_in.method_text:
        return ""
    how = f"by {sign_in.method_text}"
    if sign_in.expires is None:
        return how
    left = sign_in.expires - now
    return f"{how}, token for {format_duration(left)}" if left > 0 else f"{how}, token has expired"


def possible_changes_text(state: SiteState, permissions: Permissions) -> str:
    """Return whether the site can be changed from here, and if not all reasons: `no changes: ...`."""
    obstacles, unknown = find_standing_obstacles(state, permissions), mode_unknown_text(state)
    if obstacles:
        return f"no changes: {'; '.join(obstacle.text for obstacle in obstacles)}"
    kinds = [kind for kind in CHANGE_KINDS if kind in permissions.kinds]
    text = "changes allowed" if len(kinds) == len(CHANGE_KINDS) else f"changes allowed: {', '.join(kinds)}"
    account = account_of(state)
    if account is not None and account.is_administrator is False:
        text += ", but schedules need the default administrator role"
    return f"{text}; {unknown}" if unknown else text


def mode_unknown_text(state: SiteState) -> str:
    """Return that the mode is unknown and why; "" if it is known, or if the release does not have it or hides it."""
    failure = state.mode.failure if state.mode is not None else None
    if failure is None or failure.kind in {FailureKind.MISSING, FailureKind.REFUSED}:
        return ""
    return f"read-only mode unknown ({failure_word(failure)})"
