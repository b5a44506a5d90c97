"""What was asked and how it went, without secrets."""

import shlex
from pathlib import Path

from msgspec import Struct


class RequestLog(Struct, frozen=True):
    """One request as it went, without its query and without secrets."""

    method: str
    url: str
    status: int | None
    """None if no answer came."""
    duration: int
    """Milliseconds."""
    size: int
    """Bytes of the answer, as they came over the line."""
    error: str = ""
    """The code of the error that it was (`Trouble.code`); empty for none."""


class Request(RequestLog, frozen=True, kw_only=True):
    """The same, with when that was."""

    at: int
    """When its answer came, or was given up; epoch ms."""


SIGN_IN = "/sharing/rest/generateToken"
"""How the address ends that gives a token (docs/api.md#sign-in)."""


def curl_command(url: str, *, user: str, referer: str, ca_file: Path | None, insecure: bool) -> str:
    """The line that asks the same as a request to `url` did; `$DRTUI_TOKEN` or `$DRTUI_PASSWORD` has to be set."""
    trust = ["--insecure"] if insecure else ["--cacert", str(ca_file)] if ca_file is not None else []
    words = ["curl", "--silent", "--show-error", *trust]
    if url.endswith(SIGN_IN):
        form = {"username": user, "client": "referer", "referer": referer, "expiration": "60", "f": "json"}
        fields = [word for name, value in form.items() for word in ("--data-urlencode", f"{name}={value}")]
        line = shlex.join([*words, *fields, "--data-urlencode", "password@-", url])
        return f"""printf %s "$DRTUI_PASSWORD" | {line}"""
    line = shlex.join([*words, "--header", "@-", "--header", f"Referer: {referer}", f"{url}?f=json"])
    return f"""printf 'X-Esri-Authorization: Bearer %s' "$DRTUI_TOKEN" | {line}"""
