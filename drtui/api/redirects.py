"""Redirects: read from the answer before httpx parses them, and followed within the site only."""

import httpx

LOCATION = "drtui.location"
"""Under this name, an answer carries the address that it redirects to, as the server wrote it."""


async def hide_location_header(response: httpx.Response) -> None:
    """Move the address of a redirect out of the headers: httpx raises undocumented errors for what is no address."""
    if response.has_redirect_location:
        response.extensions[LOCATION] = response.headers.pop("location")


def redirect_location(response: httpx.Response) -> str | None:
    """Return the address that an answer redirects to, as the server wrote it; None if it is no redirect."""
    where: str | None = response.extensions.get(LOCATION)
    return where


def redirect_within_site(url: httpx.URL, where: str) -> httpx.URL | None:
    """Return the address to ask next, if `where` stays on scheme, host and port of `url`; else None."""
    try:
        target = url.join(where)
        same = (target.scheme, target.host, target.port) == (url.scheme, url.host, url.port)
        return target.copy_set_param("f", "json") if same else None
    except Exception:  # noqa: BLE001 - what cannot be read as an address is none of this site
        return None
