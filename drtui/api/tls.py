"""Whom to trust."""

import os
import socket
import ssl
import sys
from pathlib import Path


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
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    made.check_hostname, made.verify_mode = False, ssl.CERT_NONE
    return made


def certificate_issuer(host: str, port: int, timeout: float) -> str:
    """Who signed the certificate that `host` shows; empty if that cannot be found out. Asked without trusting it.

    Nothing is sent over this connection but the handshake. `timeout` is in seconds.
    """
    try:
        with (
            socket.create_connection((host, port), timeout) as plain,
            _trusting_anybody().wrap_socket(plain, server_hostname=host) as connection,
        ):
            shown = connection.getpeercert(binary_form=True)
        return _signer(shown) if shown else ""
    except Exception:  # noqa: BLE001 - what is odd about a certificate must not hide that it is not trusted
        return ""


def _signer(certificate: bytes) -> str:
    """The organization and the common name of a certificate's issuer."""
    from cryptography import x509  # noqa: PLC0415 - heavy, and only needed once something has gone wrong
    from cryptography.x509.oid import NameOID  # noqa: PLC0415 - likewise

    name = x509.load_der_x509_certificate(certificate).issuer
    wanted = (NameOID.COMMON_NAME, NameOID.ORGANIZATION_NAME)
    found = [str(each.value) for oid in wanted for each in name.get_attributes_for_oid(oid)]
    return ", ".join(dict.fromkeys(found)) or name.rfc4514_string()
