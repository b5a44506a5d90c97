"""Serve the simulated site over HTTP or HTTPS, on loopback only."""

import asyncio
import contextlib
import logging
import signal
import socket
import ssl
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import trustme
import uvicorn
from starlette.applications import Starlette

from drtui.demo.app import CONTEXT, make_app
from drtui.demo.faults import NO_FAULTS, Faults
from drtui.demo.scenarios import USER

HOST = "127.0.0.1"
ENDING = tuple(number for number in signal.Signals if number.name in {"SIGTERM", "SIGHUP"})
"""Signals of a service manager and a closed terminal; Windows has no SIGHUP."""
OFF = logging.CRITICAL + 1
"""A level above all others: the server does not log the faults that it was asked for."""


class Served(NamedTuple):
    """Address of a running simulated site."""

    url: str
    """Address: `https://localhost:PORT/arcgis`."""
    ca_file: Path | None
    """Certificate authority to trust; None over HTTP."""
    cert: Path | None = None
    """Certificate of a client, if the server requires one."""
    key: Path | None = None
    """Private key of `cert`."""


@contextlib.contextmanager
def _listening(
    app: Any, port: int, *, tls: bool, client_certificate: bool
) -> Iterator[tuple[uvicorn.Server, socket.socket, Served]]:
    """Prepare a server: bind its socket and make its certificate."""
    with contextlib.ExitStack() as stack:
        # A site whose clock differs says so itself.
        is_dated = not (isinstance(app, Starlette) and app.state.faults.hours_ahead)
        config = uvicorn.Config(
            app,
            log_config=None,
            log_level=OFF,
            lifespan="off",
            timeout_graceful_shutdown=1,
            date_header=is_dated,
        )
        files: tuple[Path, ...] = ()
        if tls or client_certificate:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="drtui-")))
            files = _certify(config, folder, client_certificate=client_certificate)
        listener = stack.enter_context(contextlib.closing(socket.create_server((HOST, port))))
        scheme = "https" if files else "http"
        url = f"{scheme}://localhost:{listener.getsockname()[1]}/{CONTEXT}"
        yield uvicorn.Server(config), listener, Served(url, *(files or (None,)))


def _certify(config: uvicorn.Config, folder: Path, *, client_certificate: bool) -> tuple[Path, ...]:
    """Give the server a new certificate.

    Returns the file of the authority that signed it, and with `client_certificate` those of a client's certificate and
    key, without which the server refuses the connection.
    """
    authority = trustme.CA(organization_name="drtui demo")
    certificate = authority.issue_cert("localhost", HOST)
    ca_file, key_file = folder / "ca.pem", folder / "server.pem"
    authority.cert_pem.write_to_path(ca_file)
    certificate.private_key_and_cert_chain_pem.write_to_path(key_file)
    config.ssl_certfile = key_file
    if not client_certificate:
        return (ca_file,)
    client = authority.issue_cert(f"{USER}@city.example", common_name=USER)
    cert, key = folder / "client.pem", folder / "client.key"
    client.cert_chain_pems[0].write_to_path(cert)
    key.touch(0o600)
    client.private_key_pem.write_to_path(key)
    config.ssl_ca_certs, config.ssl_cert_reqs = str(ca_file), ssl.CERT_REQUIRED
    return ca_file, cert, key


def serve(
    scenario: str,
    *,
    port: int = 0,
    tls: bool = False,
    client_certificate: bool = False,
    now: int | None = None,
    faults: Faults = NO_FAULTS,
    ready: Callable[[Served], None],
) -> None:
    """Serve a scenario until interrupted; `ready` is called with the address once connections are accepted.

    With `client_certificate`, HTTPS is used and a client needs the certificate that was made for it.
    The site's clock continues from `now` (epoch ms; the present by default).

    Raises:
        OSError: the port is in use.
    """
    started = time.time_ns() // 1_000_000
    shift = (now if now is not None else started) - started
    app = make_app(scenario, now=started + shift, clock=lambda: time.time_ns() // 1_000_000 + shift, faults=faults)
    app.state.site.runs_schedules = True
    # The server handles signals while it runs and raises them again afterwards, which by default ends the process at
    # once. As an interrupt, each of them ends this block, and the private key is deleted.
    for number in ENDING:
        signal.signal(number, signal.default_int_handler)
    listening = _listening(app, port, tls=tls, client_certificate=client_certificate)
    with contextlib.suppress(KeyboardInterrupt), listening as (server, listener, served):
        ready(served)
        server.run(sockets=[listener])


@contextlib.contextmanager
def serving(app: Any, *, tls: bool = False, client_certificate: bool = False) -> Iterator[Served]:
    """Serve an ASGI application from a thread during the block, for tests over real sockets."""
    with _listening(app, 0, tls=tls, client_certificate=client_certificate) as (server, listener, served):
        thread = threading.Thread(target=lambda: asyncio.run(server.serve(sockets=[listener])), daemon=True)
        thread.start()
        try:
            yield served
        finally:
            server.should_exit = True
            server.force_exit = True
            thread.join(timeout=10)
