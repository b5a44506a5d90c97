"""Changes that a person has allowed: by a profile, or by an option for one command."""

from msgspec import Struct

from drtui.core.model.config import CHANGE_KINDS
from drtui.core.operations.request import Operation

KIND_OF = {
    Operation.CREATE: "create",
    Operation.KEEP: "keep",
    Operation.VALIDATE: "validate",
    Operation.PAUSE: "pause",
    Operation.RESUME: "pause",
    Operation.DELETE: "delete",
    Operation.RESTORE: "restore",
}
"""The kind that allows an operation."""


class Permissions(Struct, frozen=True):
    """The kinds of changes that are allowed; none by default."""

    kinds: frozenset[str] = frozenset()

    @property
    def is_read_only(self) -> bool:
        """True if no change is allowed."""
        return not self.kinds

    @property
    def label(self) -> str:
        """`READ-ONLY` or `CHANGES ON`, for every screen."""
        return "READ-ONLY" if self.is_read_only else "CHANGES ON"

    def allows(self, operation: Operation) -> bool:
        """True if an operation is allowed."""
        return KIND_OF[operation] in self.kinds


ALL_CHANGES = Permissions(frozenset(CHANGE_KINDS))
"""Permissions of `--allow-changes`."""

READ_ONLY = Permissions()


def read_only_text(profile: str = "") -> str:
    """Return that no change is allowed here, with the option and the key that allow changes."""
    key = f"changes = [...] under [site.{profile}]" if profile else "changes = [...] in the site's profile"
    return f"READ-ONLY: nothing can be changed. Start drtui with --allow-changes, or write {key} in config.toml"


def not_allowed_text(operation: Operation, profile: str = "") -> str:
    """Return the reason why an operation is not allowed, with the option and the key that allow it."""
    kind = KIND_OF[operation]
    key = f'changes = ["{kind}"] under [site.{profile}]' if profile else f'changes = ["{kind}"] in the site\'s profile'
    return f"{operation.value} is not allowed here. Add --allow-changes, or {key} in config.toml"
