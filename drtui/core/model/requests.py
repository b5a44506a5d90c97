"""Requests for the diagnostic log, and the equivalent curl commands. Neither contains secrets."""

import shlex
from pathlib import Path

from msgspec import Struct

from drtui.core.model.auth import AUTH_HEADERS, ClientCertificate


class Request(Struct, frozen=True):
    """A request and its result, without the query and without secrets."""

    method: str
    url: str
    status: int | None
    """HTTP status; None if there was no answer."""
    duration: int
    """Milliseconds until the answer or the error."""
    size: int
    """Size of the answer in bytes, as transferred."""
    at: int
    """Time at which the answer arrived or the request was given up, epoch ms."""
    error: str = ""
    """Code of the failure (`Failure.code`); empty if the request succeeded."""


SIGN_IN = "/sharing/rest/generateToken"
"""End of the URL that issues a token (docs/api.md#sign-in)."""


def curl_command(
    url: str,
    *,
    user: str,
    referer: str,
    ca_file: Path | None,
    insecure: bool,
    certificate: ClientCertificate | None = None,
    auth_header: str = "",
) -> str:
    """Return a shell command that repeats a request to `url`; it reads `$DRTUI_TOKEN` or `$DRTUI_PASSWORD`."""
    if "/oauth2/" in url:
        return f"# POST {url} is a part of the single sign-on and cannot be repeated"
    trust = ["--insecure"] if insecure else ["--cacert", str(ca_file)] if ca_file is not None else []
    words = ["curl", "--silent", "--show-error", *trust]
    if certificate is not None:  # curl asks for the password of an encrypted key
        words += ["--cert", str(certificate.cert), *(["--key", str(certificate.key)] if certificate.key else [])]
    header = AUTH_HEADERS[auth_header or "x-esri"]
    if url.endswith(SIGN_IN):
        form = {"username": user, "client": "referer", "referer": referer, "expiration": "60", "f": "json"}
        fields = [word for name, value in form.items() for word in ("--data-urlencode", f"{name}={value}")]
        line = shlex.join([*words, *fields, "--data-urlencode", "password@-", url])
        return f"""printf %s "$DRTUI_PASSWORD" | {line}"""
    line = shlex.join([*words, "--header", "@-", "--header", f"Referer: {referer}", f"{url}?f=json"])
    return f"""printf '{header}: Bearer %s' "$DRTUI_TOKEN" | {line}"""
