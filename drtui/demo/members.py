"""Members of the simulated portal: their kinds of sign-in, roles and privileges (docs/api.md#account)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from drtui.demo.backup_history import ORGANIZATION
from drtui.demo.scenarios import CITY_PASSWORD, MULTIFACTOR_CODE, MULTIFACTOR_PASSWORD, OTHER_PASSWORD, PASSWORD, USER

ADMINISTRATOR = "org_admin"
"""The default administrator role."""
VIEWING = ("portal:user:viewOrgGroups", "portal:user:viewOrgItems", "portal:user:viewOrgUsers")
PUBLISHING = (*VIEWING, "portal:publisher:publishFeatures", "portal:user:createItem")
ADMINISTRATIVE = (
    "portal:admin:manageRoles",
    "portal:admin:manageSecurity",
    "portal:admin:manageServers",
    "portal:admin:updateUsers",
    "portal:admin:viewItems",
    "portal:admin:viewUsers",
)
"""Privileges of an administrator beside the others. Programs recognize one by `manageSecurity` and `manageServers`."""
NEEDED = frozenset({"portal:admin:manageSecurity", "portal:admin:manageServers"})
"""Privileges that the administrator API requires."""


class Kind(StrEnum):
    """Way in which a member signs in."""

    BUILT_IN = "built-in"
    OPENID = "OpenID (City ID), only in a browser"
    MULTIFACTOR = "multifactor, only in a browser"


@dataclass(frozen=True)
class Member:
    """A member of the organization."""

    username: str
    full_name: str
    password: str
    """Password of a built-in account; for the others, that of the sign-in page."""
    kind: Kind
    role: str
    """`org_admin`, `org_publisher` or `org_user`; for a custom role the one that it is derived from."""
    role_id: str
    """Id of a custom role; for others the same as `role`."""
    privileges: tuple[str, ...]

    @property
    def may_administer(self) -> bool:
        """True if the administrator API answers the member."""
        return set(self.privileges) >= NEEDED

    @property
    def is_administrator(self) -> bool:
        """True if the member has the default administrator role, which schedules require."""
        return self.role_id == ADMINISTRATOR

    @property
    def may_read_data_stores(self) -> bool:
        """True if the member may list the data stores: an administrator, or who may publish."""
        return self.is_administrator or "portal:publisher:publishFeatures" in self.privileges

    @property
    def described(self) -> str:
        """Role and way of signing in, as in `administrator, built-in`."""
        role = "administrator" if self.is_administrator else f"{self.full_name.lower()}, no administrative privilege"
        return f"{role}, {self.kind}"

    def record(self) -> dict[str, Any]:
        """Return the member in the form of `community/self`."""
        return {
            "id": f"{sum(map(ord, self.username)):032x}",
            "username": self.username,
            "fullName": self.full_name,
            "email": f"{self.username}@city.example",
            "orgId": ORGANIZATION.upper(),
            "role": self.role,
            "roleId": self.role_id,
            "level": "2",
            "provider": "enterprise" if self.kind is Kind.OPENID else "arcgis",
            "mfaEnabled": self.kind is Kind.MULTIFACTOR,
            "privileges": list(self.privileges),
        }


def _administrator(username: str, full_name: str, password: str, kind: Kind) -> Member:
    privileges = (*ADMINISTRATIVE, *PUBLISHING)
    return Member(username, full_name, password, kind, ADMINISTRATOR, ADMINISTRATOR, privileges)


CUSTOM_ROLE_ID = "Rk7wLq2VxTn4Ec9s"

MEMBERS = {
    member.username: member
    for member in (
        _administrator(USER, "Site Administrator", PASSWORD, Kind.BUILT_IN),
        _administrator("maria.cityid", "Maria Okafor", CITY_PASSWORD, Kind.OPENID),
        _administrator("tomas.mfa", "Tomas Lindqvist", MULTIFACTOR_PASSWORD, Kind.MULTIFACTOR),
        Member("editor", "Map Editor", OTHER_PASSWORD, Kind.BUILT_IN, "org_publisher", CUSTOM_ROLE_ID, PUBLISHING),
        Member("viewer", "Map Viewer", OTHER_PASSWORD, Kind.BUILT_IN, "org_user", "iAAAAAAAAAAAAAAA", VIEWING),
    )
}
"""Members by username; the first is the account of `--demo`."""


def account_lines() -> list[str]:
    """Return a line about each account: user, password, role and way of signing in."""
    lines = []
    for member in MEMBERS.values():
        code = f", code {MULTIFACTOR_CODE}" if member.kind is Kind.MULTIFACTOR else ""
        lines.append(f"{member.username:<14}{member.password:<18}{member.described}{code}")
    return lines


def find_member(form: Mapping[str, str], *kinds: Kind) -> Member | None:
    """Return the member whose name and password a form contains, if the member signs in in one of these ways."""
    member = MEMBERS.get(form.get("username", ""))
    return member if member and member.password == form.get("password") and member.kind in kinds else None


def without_privileges(member: Member) -> Member:
    """Return a member with a custom role that has no administrative privilege."""
    return replace(member, role="org_publisher", role_id=CUSTOM_ROLE_ID, privileges=PUBLISHING)


def without_administrator_role(member: Member) -> Member:
    """Return a member with a custom role that has the privilege for security and infrastructure."""
    return replace(member, role="org_publisher", role_id=CUSTOM_ROLE_ID, privileges=(*sorted(NEEDED), *PUBLISHING))
