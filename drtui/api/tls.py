"""Whom to trust."""

import contextlib
import os
import socket
import ssl
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

_STRICT = getattr(ssl, "VERIFY_X509_STRICT", 0)
"""Refuses authorities of the kind that companies make for themselves; Python 3.13 sets it by default."""


class CaFileError(Exception):
    """Certificates to trust that could not be read: where they were looked for, and why not."""

    def __init__(self, path: Path, why: str) -> None:
        self.path, self.why = path, why
        super().__init__(f"{path}: {why}")


def create_tls_context(ca_file: Path | None, *, insecure: bool = False, unused: bool = False) -> ssl.SSLContext:
    """A TLS context that trusts the system's store, `SSL_CERT_FILE`, `SSL_CERT_DIR`, and the authorities in `ca_file`.

    Making one takes tens of milliseconds: it is made once, and may be made in a thread. One that is `unused`, because
    the site is asked over plain http, or in this process, takes two, and trusts nobody.

    Raises:
        CaFileError: a named file cannot be read, or holds no certificate.
    """
    if insecure:
        return _trusting_anybody()
    if unused:
        made, paths = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT), [ca_file]
    else:
        made = _trusting_the_system()
        named = _named("SSL_CERT_FILE")
        # Where there is such a file, it is what OpenSSL has read; if nothing came of it, it is to be told why.
        read = named is not None and named.is_file() and made.cert_store_stats()["x509"] > 0
        paths = [None if read else named, _named("SSL_CERT_DIR"), ca_file]
    for path in paths:
        if path is not None:
            _trust(made, path)
    return made


def _trusting_the_system() -> ssl.SSLContext:
    """A context over the operating system's store.

    Where OpenSSL knows of it, it is loaded once. truststore finds every other, but loads it anew for each connection,
    which holds the event loop up for tens of milliseconds.
    """
    if sys.platform not in {"darwin", "win32"} and ssl.get_default_verify_paths().cafile:
        made = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        made.set_default_verify_paths()
        return made
    import truststore  # noqa: PLC0415 - most systems do without

    return truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


def _named(variable: str) -> Path | None:
    """The path in an environment variable."""
    value = os.environ.get(variable)
    return Path(value) if value else None


def _trust(made: ssl.SSLContext, path: Path) -> None:
    """Trust the certificates at `path`: a file of them, or a directory as OpenSSL hashes it."""
    try:
        if path.is_dir():
            made.load_verify_locations(capath=path)
        else:
            made.load_verify_locations(cafile=path)
    except ssl.SSLError:
        raise CaFileError(path, "it holds no certificate in PEM form") from None
    except OSError as error:
        raise CaFileError(path, error.strerror or "it cannot be read") from None


def _trusting_anybody() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


def certificate_issuer(host: str, port: int, timeout: float) -> str:
    """Return the names of the issuer of the certificate that `host` presents; empty if they cannot be found out.

    The certificate is not trusted, and nothing but handshakes is sent. The standard library decodes only certificates
    that it has verified: the first handshake fetches this one, the second accepts it as its own trust anchor.
    `timeout` is in seconds, for each of them.
    """
    try:
        with _handshake(_trusting_anybody(), host, port, timeout) as connection:
            certificate = connection.getpeercert(binary_form=True)
        decode = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        decode.check_hostname = False
        decode.verify_flags = (decode.verify_flags & ~_STRICT) | ssl.VERIFY_X509_PARTIAL_CHAIN
        decode.load_verify_locations(cadata=certificate)
        with _handshake(decode, host, port, timeout) as connection:
            return _issuer_names(connection.getpeercert() or {})
    except Exception:  # noqa: BLE001 - what is odd about a certificate must not hide that it is not trusted
        return ""


@contextlib.contextmanager
def _handshake(context: ssl.SSLContext, host: str, port: int, timeout: float) -> Iterator[ssl.SSLSocket]:
    with (
        socket.create_connection((host, port), timeout) as plain,
        context.wrap_socket(plain, server_hostname=host) as connection,
    ):
        yield connection


def _issuer_names(certificate: Mapping[str, Any]) -> str:
    """Return common name and organization of the issuer, or all of its names if it has neither."""
    names = [pair for part in certificate.get("issuer", ()) for pair in part]
    wanted = [value for key in ("commonName", "organizationName") for name, value in names if name == key]
    return ", ".join(dict.fromkeys(wanted)) or ", ".join(f"{name}={value}" for name, value in names)
