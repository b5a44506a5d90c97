"""The portal of the simulated site: who may come in, and who has (SPEC 2)."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from drtui.demo.answers import answer
from drtui.demo.history import ORGANIZATION


async def info(request: Request) -> Response:
    """Where tokens are to be had."""
    url = f"{request.url.scheme}://{request.url.netloc}/arcgis/sharing/rest/generateToken"
    return answer(
        request,
        {"owningSystemUrl": url.rsplit("/", 3)[0], "authInfo": {"isTokenBasedSecurity": True, "tokenServicesUrl": url}},
    )


async def portal(request: Request) -> Response:
    """The organization, or the person who is signed in."""
    if request.url.path.endswith("community/self"):
        return answer(request, {"username": "siteadmin", "role": "org_admin"})
    user = {"username": "siteadmin", "role": "org_admin"}
    return answer(request, {"id": ORGANIZATION.upper(), "name": "City GIS", "isPortal": True, "user": user})


async def generate_token(request: Request) -> Response:
    """Sign-in."""
    granted: Response = request.app.state.tokens.grant(request)
    return granted


OPEN = (
    Route("/sharing/rest/generateToken", generate_token, methods=["GET", "POST"]),
    Route("/rest/info", info, methods=["GET", "POST"]),
    Route("/sharing/rest/info", info, methods=["GET", "POST"]),
)
"""Asked for without a token."""

MEMBERS = (
    Route("/sharing/rest/portals/self", portal),
    Route("/sharing/rest/community/self", portal),
)
"""Asked for with a token."""
