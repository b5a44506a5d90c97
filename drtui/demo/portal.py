"""The portal of the simulated site: its version, its organization and its members (docs/api.md#account)."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from drtui.demo import oauth
from drtui.demo.backup_history import ORGANIZATION
from drtui.demo.members import CUSTOM_ROLE_ID, MEMBERS, Member
from drtui.demo.oauth_pages import ORGANIZATION_NAME
from drtui.demo.responses import answer, error

VERSIONS = {"10.9": "8.4", "11.4.0": "2024.2", "11.5.0": "2025.1"}
"""Version of the portal by release of the site: Esri's Python package looks for features by it.

For a release that is not listed, its own number is used.
"""


async def info(request: Request) -> Response:
    """Answer with the address where tokens are issued."""
    root = f"{request.url.scheme}://{request.url.netloc}/arcgis"
    url = f"{root}/sharing/rest/generateToken"
    return answer(
        request,
        {"owningSystemUrl": root, "authInfo": {"isTokenBasedSecurity": True, "tokenServicesUrl": url}},
    )


async def root(request: Request) -> Response:
    """Answer with the portal's root, which contains its version."""
    release = request.app.state.site.release
    version = {"currentVersion": VERSIONS.get(release, release)}
    # By the reference of the root, sent from 11.3 on; no scenario uses 11.0 to 11.2.
    enterprise_version = {"enterpriseVersion": release} if not release.startswith("10.") else {}
    return answer(request, version | enterprise_version)


async def organization(request: Request) -> Response:
    """Answer with the organization, as seen by the member who is signed in."""
    return answer(
        request,
        {
            "id": ORGANIZATION.upper(),
            "name": ORGANIZATION_NAME,
            "portalName": ORGANIZATION_NAME,
            "portalMode": "singletenant",
            "portalDeploymentType": "ArcGISEnterpriseOnKubernetes",
            "portalHostname": f"{request.url.netloc}/arcgis",
            "isPortal": True,
            "allSSL": True,
            "user": request.state.member.record(),
        },
    )


async def roles(request: Request) -> Response:
    """Answer with the custom roles. Esri's Python package stops sending its token if there is no such resource."""
    role = {"id": CUSTOM_ROLE_ID, "name": "Map Editor", "description": "Edits and publishes maps"}
    return answer(request, {"total": 1, "start": 1, "num": 100, "nextStart": -1, "roles": [role]})


async def person(request: Request) -> Response:
    """Answer with the member who is signed in, or with another whom an administrator asks for."""
    member: Member = request.state.member
    username = request.path_params.get("user", member.username)
    if username == member.username:
        return answer(request, member.record())
    if username not in MEMBERS or not member.may_administer:
        return error(request, 400, "User does not exist or is inaccessible.")
    return answer(request, MEMBERS[username].record())


async def generate_token(request: Request) -> Response:
    """Sign in a program that has name and password."""
    granted: Response = request.app.state.tokens.grant(request)
    return granted


def _either(path: str, resource: Any) -> Route:
    """Return a route for GET and POST: a portal answers both, and Esri's Python package uses POST for some."""
    return Route(path, resource, methods=["GET", "POST"])


OPEN = (
    _either("/sharing/rest", root),
    _either("/sharing/rest/", root),
    _either("/rest/info", info),
    _either("/sharing/rest/info", info),
    _either("/sharing/rest/generateToken", generate_token),
    *oauth.ROUTES,
)
"""Routes without a token."""

SIGNED_IN = (
    _either("/sharing/rest/portals/self", organization),
    _either("/sharing/rest/portals/self/roles", roles),
    _either("/sharing/rest/community/self", person),
    _either("/sharing/rest/community/users/{user}", person),
)
"""Routes that require a token."""
