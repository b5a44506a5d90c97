"""Search for planted secrets: on screen, in output, in every file, and in process lists."""

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
"""Name of the file that is meant to contain a secret."""

_WITNESS = """
import os, pathlib, sys
folder = pathlib.Path(sys.argv[1])
asking, mine = pathlib.Path("/proc", str(os.getppid())), pathlib.Path("/proc/self")
files = [asking / "cmdline", mine / "cmdline", mine / "environ"]
(folder / "witnessed").write_bytes(b"|".join(file.read_bytes() for file in files))
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


def secrets_in(text: str, folder: Path, more: Iterable[str] = ()) -> list[str]:
    """Return the secrets found in a text, or in any file below a folder except the one meant to contain a secret."""
    texts = [text.encode(), *(file.read_bytes() for file in _files(folder))]
    return [secret for secret in (*PLANTED_SECRETS, *more) if any(_spelled_in(file, secret) for file in texts)]


def _spelled_in(text: bytes, secret: str) -> bool:
    """True if a text contains a secret in one of the spellings, also as escaped by JSON or a database."""
    forms = {html.escape(secret), quote(secret), *(spell(secret) for spell in SPELLINGS.values())}
    return any(spelling.encode() in text or json.dumps(spelling)[1:-1].encode() in text for spelling in forms)


class Echoing:
    """An ASGI application whose answers repeat the password and the sent token everywhere, in some spelling.

    Args:
        app: the application.
        spell: the spelling.
        passcode: a secret that is repeated from the first POST on, until `is_repeating` is set to False.
    """

    def __init__(self, app: Any, spell: Callable[[str], str], passcode: str = "") -> None:
        self._app, self._spell, self._passcode = app, spell, passcode
        self.is_repeating = False
        self.tokens: set[str] = set()
        """Tokens that were sent."""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        sent: list[dict[str, Any]] = []

        async def keep(message: dict[str, Any]) -> None:
            sent.append(message)

        request_token = dict(scope["headers"])
        request_token.pop(b"accept-encoding", None)
        await self._app({**scope, "headers": list(request_token.items())}, receive, keep)
        body = b"".join(message.get("body", b"") for message in sent)
        self.is_repeating |= bool(self._passcode) and scope["method"] == "POST"
        if (scope["method"] == "GET" or self.is_repeating) and not body.startswith(b"<"):
            token = request_token.get(b"x-esri-authorization", b"").decode().removeprefix("Bearer ")
            self.tokens |= {token} - {""}  # `doctor` asks without one first
            texts = [token, PASSWORD if not self._passcode else "", self._passcode if self.is_repeating else ""]
            text = " and ".join(self._spell(secret) for secret in texts if secret)
            body = json.dumps(_echoed(json.loads(body), text)).encode()
        headers = [(name, value) for name, value in sent[0]["headers"] if name != b"content-length"]
        await send({**sent[0], "headers": [*headers, (b"content-length", str(len(body)).encode())]})
        await send({"type": "http.response.body", "body": body})


def _echoed(value: Any, text: str) -> Any:
    """Return a JSON value with `text` in every object and every description."""
    if isinstance(value, list):
        return [_echoed(key, text) for key in value]
    if not isinstance(value, dict):
        return value
    texts = {name: f"{value[name]} {text}" for name in ("description", "siteName", "message") if name in value}
    return {name: _echoed(key, text) for name, key in value.items()} | texts | {f"note {text}": [text]}


def _files(folder: Path) -> Iterator[Path]:
    return (file for file in folder.rglob("*") if file.is_file() and file.name != HELD)


def password_file(folder: Path) -> Path:
    """Write the password into a file that only its owner may read."""
    path = folder / HELD
    path.write_text(PASSWORD)
    path.chmod(0o600)
    return path


def witness_command(folder: Path) -> list[str]:
    """Return a command that prints the password, and records what the system shows of it and of its parent in a folder.

    That is both command lines, and the environment that it was given.
    """
    password_file(folder)
    return [sys.executable, "-c", _WITNESS, str(folder)]


def witness_record(folder: Path) -> str:
    """Return what a witness recorded."""
    return (folder / "witnessed").read_bytes().decode()


def configure(folder: Path, name: str, url: str, ca_file: Path | None = None) -> None:
    """Write a configuration with a site whose password comes from a witness."""
    lines = [f"[site.{name}]", f"address = {json.dumps(url)}", f"user = {json.dumps(USER)}"]
    lines += [f"password_command = {json.dumps(witness_command(folder))}"]
    lines += [f"ca_file = {json.dumps(str(ca_file))}"] if ca_file else []
    path = Path(os.environ["XDG_CONFIG_HOME"]) / "drtui" / "config.toml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines) + "\n")


def run_program(*arguments: str) -> CompletedProcess[str]:
    """Run the program in a process of its own, which has its own command line."""
    command = [sys.executable, "-m", "drtui", *arguments]
    return processes.run(command)
