"""The account, its sign-in and what it can change: rows for `status`, and fields of its JSON."""

from drtui.core.formatting.display import DisplayContext
from drtui.core.formatting.durations import format_duration
from drtui.core.model.auth import SignIn
from drtui.core.model.site_state import SiteState
from drtui.core.operations.obstacles import account_of, find_standing_obstacles, mode_of
from drtui.core.operations.permissions import Permissions
from drtui.core.summary.account_text import possible_changes_text, role_text
from drtui.core.summary.labels import failure_word
from drtui.output.formats import Field, Row, Table, moment_object


def with_account(
    table: Table, state: SiteState, sign_in: SignIn, permissions: Permissions, view: DisplayContext
) -> Table:
    """Return a table of properties and values with the account and the site added, below and as JSON fields."""
    rows = [(Field.from_word(name), field) for name, field in _fields(state, sign_in, permissions, view).items()]
    return table._replace(
        texts=[*table.texts, *(tuple(field.text for field in row) for row in rows)],
        cells=[*(table.cells or ()), *(tuple(field.value for field in row) for row in rows)],
        extra={**(table.extra or {}), **_objects(state, sign_in, permissions, view)},
    )


def _fields(state: SiteState, sign_in: SignIn, permissions: Permissions, view: DisplayContext) -> dict[str, Field]:
    """Return the properties in order; what the site does not have is left out."""
    account, mode = account_of(state), mode_of(state)
    about = state.about.value if state.about is not None else None
    fields = {
        "user": Field.from_text(account.user if account is not None else sign_in.user),
        "role": Field.from_text(role_text(account)) if account is not None else Field(_why_unknown(state), None),
        "signed in by": Field.from_text(sign_in.method_text),
        "token ends": Field.from_time(sign_in.expires, view.zone),
        "changes": Field(_short_change_text(state, permissions), not find_standing_obstacles(state, permissions)),
    }
    if sign_in.expires is not None:
        text, value = fields["token ends"]
        left = sign_in.expires - view.now
        fields["token ends"] = Field(f"{text} ({f'in {format_duration(left)}' if left > 0 else 'past'})", value)
    if mode is not None:
        fields["site is read-only"] = Field("yes" if mode.is_read_only else "no", mode.is_read_only)
    if about is not None:
        fields |= {"build": Field.from_text(about.build), "architecture profile": Field.from_text(about.profile)}
    return fields


def _short_change_text(state: SiteState, permissions: Permissions) -> str:
    """Return whether the site can be changed, for a row that is called `changes`: `no: ...` or `allowed: ...`."""
    return possible_changes_text(state, permissions).replace("no changes:", "no:", 1).removeprefix("changes ")


def _why_unknown(state: SiteState) -> str:
    failure = state.account.failure if state.account is not None else None
    return f"unknown ({failure_word(failure)})" if failure is not None else "unknown"


def _objects(state: SiteState, sign_in: SignIn, permissions: Permissions, view: DisplayContext) -> Row:
    """Return the JSON fields; what was not read is null."""
    account, mode = account_of(state), mode_of(state)
    about = state.about.value if state.about is not None else None
    obstacles = find_standing_obstacles(state, permissions)
    return {
        "account": {
            "user": (account.user if account is not None else sign_in.user) or None,
            "role": account.role if account is not None else None,
            "role_id": account.role_id if account is not None else None,
            "role_text": role_text(account) if account is not None else None,
            "is_administrator": account.is_administrator if account is not None else None,
            "has_administrative_privilege": account.has_admin_privilege if account is not None else None,
            "signed_in_by": sign_in.method.value if sign_in.method is not None else None,
            "has_client_certificate": sign_in.has_certificate,
            "token_ends": moment_object(sign_in.expires, view.zone),
        },
        "changes": {
            "are_possible": not obstacles,
            "allowed": sorted(permissions.kinds),
            "obstacles": [{"code": obstacle.code, "text": obstacle.text} for obstacle in obstacles],
        },
        "site_mode": None if mode is None else {"is_read_only": mode.is_read_only, "message": mode.message},
        "about": None
        if about is None
        else {"release": about.release, "build": about.build, "architecture_profile": about.profile},
        "unread": {
            name: answer.failure.code
            for name in ("account", "mode", "about")
            if (answer := getattr(state, name)) is not None and answer.failure is not None
        },
    }
