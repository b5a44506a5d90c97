"""The account that is signed in, and what a site says of itself besides its backups."""

from msgspec import Struct

ADMINISTRATOR = "org_admin"
"""The default administrator role, which alone may read and change schedules (docs/api.md#schedules)."""

ADMIN_PRIVILEGE = "portal:admin:"
"""Prefix of administrative privileges."""


class Account(Struct, frozen=True):
    """The account that is signed in (docs/api.md#account)."""

    user: str = ""
    role: str = ""
    privileges: tuple[str, ...] = ()
    role_id: str = ""
    """Id of a custom role; for others the same as `role`, or empty."""

    @property
    def is_administrator(self) -> bool | None:
        """True if it has the default administrator role; None if the site names no role, or contradicts itself."""
        if self.role == ADMINISTRATOR and self.role_id not in {"", ADMINISTRATOR}:
            return None
        return self.role == ADMINISTRATOR if self.role else None

    @property
    def has_admin_privilege(self) -> bool | None:
        """True if it has an administrative privilege; None if the site names no privileges."""
        if self.is_administrator:
            return True
        return any(name.startswith(ADMIN_PRIVILEGE) for name in self.privileges) if self.privileges else None


class SiteMode(Struct, frozen=True):
    """The mode of a site: updates and upgrades make it read-only (docs/api.md#about-and-mode)."""

    is_read_only: bool
    message: str = ""

    @property
    def text(self) -> str:
        """The mode in words with its message: `site is in read-only mode (Updating)`; "" if it is not read-only."""
        if not self.is_read_only:
            return ""
        reason = self.message.strip().rstrip(".")
        return f"site is in read-only mode ({reason})" if reason else "site is in read-only mode"


class SiteAbout(Struct, frozen=True):
    """The facts of `about` that help an administrator (docs/api.md#about-and-mode); empty if the site omits them."""

    release: str = ""
    build: str = ""
    profile: str = ""
    """Architecture profile, such as `enhanced-availability`."""
