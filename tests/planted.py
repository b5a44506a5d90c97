"""The one search for planted secrets: on screen, in output, in every file, and in what is told of processes."""

import html
import json
import os
import sys
from base64 import b64encode
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any
from urllib.parse import quote

from drtui.demo.scenarios import PASSWORD, PLANTED_SECRETS, USER
from tests import processes

HELD = "password"
"""The file that was written to hold one."""

_WITNESS = """
import os, pathlib, sys
folder = pathlib.Path(sys.argv[1])
asking, mine = pathlib.Path("/proc", str(os.getppid())), pathlib.Path("/proc/self")
told = [asking / "cmdline", mine / "cmdline", mine / "environ"]
(folder / "witnessed").write_bytes(b"|".join(each.read_bytes() for each in told))
print((folder / "password").read_text())
"""


SPELLINGS: dict[str, Callable[[str], str]] = {
    "as it is": str,
    "percent": lambda secret: "".join(f"%{ord(each):02X}" for each in secret),
    "HTML": lambda secret: "".join(f"&#{ord(each)};" for each in secret),
    "base64": lambda secret: b64encode(f"{USER}:{secret}".encode()).decode(),
    "lines": "\n".join,
    "tags": lambda secret: f"{secret[:4]}<b>{secret[4:]}",
}
"""Spellings in which a site may send a secret back."""


def found_in(text: str, folder: Path, more: Iterable[str] = ()) -> list[str]:
    """Return the planted secrets, and more, in a text or any file below a folder, but for the one made to hold one."""
    texts = [text.encode(), *(each.read_bytes() for each in _files(folder))]
    return [secret for secret in (*PLANTED_SECRETS, *more) if any(_spelled_in(each, secret) for each in texts)]


def _spelled_in(text: bytes, secret: str) -> bool:
    """True if a text holds a secret in one of the spellings, also where JSON or a database has its own."""
    forms = {html.escape(secret), quote(secret), *(spell(secret) for spell in SPELLINGS.values())}
    return any(each.encode() in text or json.dumps(each)[1:-1].encode() in text for each in forms)


class Echoing:
    """An ASGI app each of whose answers says the password, and the token that was sent, everywhere in some spelling."""

    def __init__(self, app: Any, spell: Callable[[str], str]) -> None:
        self._app, self._spell = app, spell
        self.tokens: set[str] = set()
        """The ones that were sent."""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        sent: list[dict[str, Any]] = []

        async def keep(message: dict[str, Any]) -> None:
            sent.append(message)

        asked = dict(scope["headers"])
        asked.pop(b"accept-encoding", None)
        await self._app({**scope, "headers": list(asked.items())}, receive, keep)
        body = b"".join(message.get("body", b"") for message in sent)
        if scope["method"] == "GET":
            token = asked.get(b"x-esri-authorization", b"").decode().removeprefix("Bearer ")
            self.tokens.add(token)
            body = json.dumps(_echoed(json.loads(body), f"{self._spell(token)} and {self._spell(PASSWORD)}")).encode()
        headers = [(name, value) for name, value in sent[0]["headers"] if name != b"content-length"]
        await send({**sent[0], "headers": [*headers, (b"content-length", str(len(body)).encode())]})
        await send({"type": "http.response.body", "body": body})


def _echoed(value: Any, said: str) -> Any:
    """A JSON value that says something in every object and in every description."""
    if isinstance(value, list):
        return [_echoed(each, said) for each in value]
    if not isinstance(value, dict):
        return value
    texts = {name: f"{value[name]} {said}" for name in ("description", "siteName", "message") if name in value}
    return {name: _echoed(each, said) for name, each in value.items()} | texts | {f"note {said}": [said]}


def _files(folder: Path) -> Iterator[Path]:
    return (each for each in folder.rglob("*") if each.is_file() and each.name != HELD)


def held(folder: Path) -> Path:
    """The password, in a file that only its owner may read."""
    path = folder / HELD
    path.write_text(PASSWORD)
    path.chmod(0o600)
    return path


def witness(folder: Path) -> list[str]:
    """A command that gives the password; what the system tells of it, and of who runs it, goes into the folder.

    That is both command lines, and the environment that it was given.
    """
    held(folder)
    return [sys.executable, "-c", _WITNESS, str(folder)]


def witnessed(folder: Path) -> str:
    """What a witness has written down."""
    return (folder / "witnessed").read_bytes().decode()


def configure(folder: Path, name: str, url: str, ca_file: Path | None = None) -> None:
    """Name a site in the configuration; its password comes from a witness."""
    lines = [f"[site.{name}]", f"address = {json.dumps(url)}", f"user = {json.dumps(USER)}"]
    lines += [f"password_command = {json.dumps(witness(folder))}"]
    lines += [f"ca_file = {json.dumps(str(ca_file))}"] if ca_file else []
    path = Path(os.environ["XDG_CONFIG_HOME"]) / "drtui" / "config.toml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines) + "\n")


def started(*arguments: str) -> CompletedProcess[str]:
    """The program, run in a process of its own, whose command line is thus its own."""
    command = [sys.executable, "-m", "drtui", *arguments]
    return processes.run(command)
