"""Redirects: taken out of the response before httpx parses them, and followed only within the site."""

import httpx

LOCATION = "drtui.location"
"""Key of a response's extensions for the redirect address, as the server wrote it."""


async def hide_location_header(response: httpx.Response) -> None:
    """Move the redirect address out of the headers: httpx raises undocumented errors for an unreadable one."""
    if response.has_redirect_location:
        response.extensions[LOCATION] = response.headers.pop("location")


def redirect_location(response: httpx.Response) -> str | None:
    """Return the redirect address of a response, as the server wrote it; None if it is not a redirect."""
    location: str | None = response.extensions.get(LOCATION)
    return location


def is_same_site(url: httpx.URL, other: httpx.URL) -> bool:
    """True if both have the same scheme, host and port."""
    return (url.scheme, url.host, url.port) == (other.scheme, other.host, other.port)


def redirect_within_site(url: httpx.URL, location: str) -> httpx.URL | None:
    """Return the address to request next, if `location` has the scheme, host and port of `url`; else None."""
    try:
        target = url.join(location)
        return target.copy_set_param("f", "json") if is_same_site(target, url) else None
    except Exception:  # noqa: BLE001 - an address that cannot be read is not one of this site
        return None
