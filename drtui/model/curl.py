"""A request as a line for a shell, without any secret: token and password are variables of the shell that runs it."""

import shlex
from pathlib import Path

SIGN_IN = "/sharing/rest/generateToken"
"""How the address ends that gives a token (SPEC 2.1)."""


def curl(url: str, *, user: str, referer: str, ca_file: Path | None, insecure: bool) -> str:
    """The line that asks the same as a request to `url` did; `$DRTUI_TOKEN` or `$DRTUI_PASSWORD` has to be set."""
    trust = ["--insecure"] if insecure else ["--cacert", str(ca_file)] if ca_file is not None else []
    words = ["curl", "--silent", "--show-error", *trust]
    if url.endswith(SIGN_IN):
        form = {"username": user, "client": "referer", "referer": referer, "expiration": "60", "f": "json"}
        fields = (f"--data-urlencode {shlex.quote(f'{name}={value}')}" for name, value in form.items())
        signed = '--data-urlencode "password=$DRTUI_PASSWORD"'
        return " ".join((shlex.join(words), *fields, signed, shlex.quote(url)))
    signed = '--header "X-Esri-Authorization: Bearer $DRTUI_TOKEN"'
    return f"{shlex.join(words)} {signed} {shlex.join(['--header', f'Referer: {referer}', f'{url}?f=json'])}"
