"""Decode the account that is signed in, the mode of the site, and what the site says of itself."""

from drtui.core.model.account import Account, SiteAbout, SiteMode
from drtui.core.wire import lenient as t


def decode_mode(answer: t.Json) -> SiteMode:
    """Return the mode of the site (docs/api.md#about-and-mode).

    Raises:
        WireError: the answer does not say whether the site is read-only.
    """
    is_read_only = t.boolean(answer.get("isReadOnly"))
    if is_read_only is None:
        raise t.WireError('the answer has no "isReadOnly"')
    return SiteMode(is_read_only, t.text(answer, "message") or t.text(answer, "description"))


def decode_account(answer: t.Json) -> Account:
    """Return the account that is signed in (docs/api.md#account).

    Raises:
        WireError: the answer names no user.
    """
    user = t.text(answer, "username")
    if not user:
        raise t.WireError('the answer has no "username"')
    return Account(user, t.text(answer, "role"), t.messages(answer.get("privileges")), t.text(answer, "roleId"))


def decode_about(answer: t.Json) -> SiteAbout:
    """Return the release, the build and the architecture profile (docs/api.md#about-and-mode).

    No sample of this answer is published, so other spellings are accepted and nothing is required. Licences and data
    stores are not kept.
    """
    return SiteAbout(
        _first(answer, "fullVersion", "version", "currentVersion", "release"),
        _first(answer, "buildNumber", "build", "currentBuild"),
        _first(answer, "architectureProfile", "architectureProfileName", "profile"),
    )


def _first(answer: t.Json, *names: str) -> str:
    """Return the first of these fields that is not empty; of an object its `name` or `id`."""
    for name in names:
        value = answer.get(name)
        text = t.text(value, "name") or t.text(value, "id") if isinstance(value, dict) else t.text(answer, name)
        if text:
            return text
    return ""
