"""Whom to trust."""

import os
import socket
import ssl
from pathlib import Path

import truststore


def context(ca_file: Path | None, *, insecure: bool = False) -> ssl.SSLContext:
    """A TLS context that trusts the operating system's store, `SSL_CERT_FILE`, and the authorities in `ca_file`.

    Making one takes tens of milliseconds: it is made once, and may be made in a thread.

    Raises:
        OSError: `ca_file` cannot be read, or holds no certificate.
    """
    if insecure:
        made = ssl.create_default_context()
        made.check_hostname, made.verify_mode = False, ssl.CERT_NONE
        return made
    if ca_file is None and not os.environ.get("SSL_CERT_FILE") and not os.environ.get("SSL_CERT_DIR"):
        return truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    made = ssl.create_default_context()
    if ca_file is not None:
        made.load_verify_locations(cafile=ca_file)
    return made


def issuer(host: str, port: int, timeout: float) -> str:
    """Who signed the certificate that `host` shows, as far as can be found out; asked without trusting it.

    Nothing is sent over this connection but the handshake. `timeout` is in seconds.
    """
    from cryptography import x509  # noqa: PLC0415 - heavy, and only needed once something has gone wrong

    unverified = ssl.create_default_context()
    unverified.check_hostname, unverified.verify_mode = False, ssl.CERT_NONE
    try:
        with (
            socket.create_connection((host, port), timeout) as plain,
            unverified.wrap_socket(plain, server_hostname=host) as connection,
        ):
            shown = connection.getpeercert(binary_form=True)
        return x509.load_der_x509_certificate(shown).issuer.rfc4514_string() if shown else ""
    except (OSError, ValueError):
        return ""
