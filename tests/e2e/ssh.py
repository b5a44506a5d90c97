"""An OpenSSH server on loopback with keys for one test, and a proxy that counts its bytes."""

import contextlib
import os
import socket
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

from tests import processes
from tests.e2e.terminal import WAIT_SECONDS
from tests.programs import path_of

SSHD, SSH = path_of("sshd"), path_of("ssh")


class Wire:
    """A proxy between client and server: counts the server's bytes, and can be cut.

    Every connection has a server process of its own (sshd -i): a listening server would need a free port, which another
    process could take first.
    """

    def __init__(self, serve: list[str]) -> None:
        self._serve = serve
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self.received = 0
        """Bytes that came from the server, encrypted."""
        self._open: list[socket.socket] = []
        self._servers: list[subprocess.Popen[bytes]] = []
        self._accepting = threading.Thread(target=self._accept, daemon=True)
        self._accepting.start()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                near, _ = self._listener.accept()
                self._open.append(near)
                far, its = socket.socketpair()
                self._open.append(far)
                with its:
                    end = its.fileno()
                    self._servers.append(
                        subprocess.Popen(
                            self._serve, stdin=end, stdout=end, stderr=subprocess.DEVNULL, start_new_session=True
                        )
                    )
                threading.Thread(target=self._pass, args=(near, far, False), daemon=True).start()
                threading.Thread(target=self._pass, args=(far, near, True), daemon=True).start()

    def _pass(self, source: socket.socket, target: socket.socket, counted: bool) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                self.received += len(data) if counted else 0
                target.sendall(data)
            target.shutdown(socket.SHUT_WR)

    def cut(self) -> None:
        """Drop all connections without notice to either side."""
        opened, self._open = self._open, []
        for connection in opened:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
            connection.close()

    def close(self) -> None:
        """Close all sockets."""
        self._listener.shutdown(socket.SHUT_RDWR)  # closing alone does not end the wait for somebody
        self._accepting.join(WAIT_SECONDS)
        self._listener.close()
        self.cut()
        for server in self._servers:
            server.terminate()
            try:
                server.wait(timeout=WAIT_SECONDS)
            finally:
                processes.kill(server)


class Server:
    """A server that accepts one key."""

    def __init__(self, folder: Path, wire: Wire) -> None:
        self._folder, self.wire = folder, wire

    def login(self, command: str) -> list[str]:
        """Return the client command that runs `command` in a terminal on the server."""
        options = {
            "IdentityFile": str(self._folder / "client"),
            "IdentitiesOnly": "yes",
            "UserKnownHostsFile": os.devnull,
            "StrictHostKeyChecking": "no",
            "LogLevel": "ERROR",
        }
        words = [word for name, value in options.items() for word in ("-o", f"{name}={value}")]
        return ["-F", os.devnull, "-tt", "-p", str(self.wire.port), *words, "127.0.0.1", command]


@contextlib.contextmanager
def server(folder: Path) -> Iterator[Server]:
    """Run a server until the end of the block, then end it and its sessions."""
    for name in ("host", "client"):
        command = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(folder / name)]
        processes.run(command, check=True)
    config = folder / "sshd_config"
    lines = {
        "HostKey": folder / "host",
        "AuthorizedKeysFile": folder / "client.pub",
        "PidFile": "none",
        "StrictModes": "no",
        "UsePAM": "no",
        "PasswordAuthentication": "no",
        "PermitRootLogin": "prohibit-password",
        "PrintMotd": "no",
    }
    config.write_text("".join(f"{name} {value}\n" for name, value in lines.items()))
    Path("/run/sshd").mkdir(exist_ok=True)  # where Debian's server locks itself in
    with contextlib.closing(Wire([SSHD, "-i", "-f", str(config)])) as wire:
        yield Server(folder, wire)
