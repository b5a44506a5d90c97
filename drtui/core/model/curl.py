"""A request as a line for a shell, without any secret: token and password are variables of the shell that runs it.

They reach curl through its standard input: everybody on a machine can read the arguments of a program, and `printf` is
none to the shell. curl reads headers from there since 7.55 (curl.se/docs/manpage.html#-H).
"""

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
        fields = [word for name, value in form.items() for word in ("--data-urlencode", f"{name}={value}")]
        line = shlex.join([*words, *fields, "--data-urlencode", "password@-", url])
        return f"""printf %s "$DRTUI_PASSWORD" | {line}"""
    line = shlex.join([*words, "--header", "@-", "--header", f"Referer: {referer}", f"{url}?f=json"])
    return f"""printf 'X-Esri-Authorization: Bearer %s' "$DRTUI_TOKEN" | {line}"""
