"""TLS contexts: which certificate authorities to trust."""

import contextlib
import os
import socket
import ssl
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from drtui.api.client_certificate import ConnectionRejected, load_client_certificate
from drtui.api.error_texts import make_error
from drtui.core.model.auth import ClientCertificate

if TYPE_CHECKING:
    from drtui.core.model.connection_facts import Certificate, TlsFacts

_STRICT = getattr(ssl, "VERIFY_X509_STRICT", 0)
"""Refuses authorities of the kind that companies make for themselves; Python 3.13 sets it by default."""

_NO_CHECK_TIME = 0x200000
"""OpenSSL's X509_V_FLAG_NO_CHECK_TIME, which Python does not name: decodes a certificate that has expired."""


def create_tls_context(
    ca_file: Path | None,
    *,
    insecure: bool = False,
    unused: bool = False,
    certificate: ClientCertificate | None = None,
) -> ssl.SSLContext:
    """Return a TLS context that trusts the system's store, `SSL_CERT_FILE`, `SSL_CERT_DIR` and `ca_file`.

    It takes tens of milliseconds, so make it once, in a thread if need be. An `unused` context, for a site over plain
    http or in this process, takes two milliseconds and trusts no authority. `certificate` is presented to sites that
    ask for one.

    Raises:
        Unreachable: a named file cannot be read, or contains no certificate or no key.
    """
    context = _insecure_context() if insecure else _verifying_context(ca_file, unused=unused)
    if certificate is not None:
        load_client_certificate(context, certificate)
    return context


def _verifying_context(ca_file: Path | None, *, unused: bool) -> ssl.SSLContext:
    """Return a context that verifies the site's certificate."""
    if unused:
        context, paths = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT), [ca_file]
    else:
        context = _system_context()
        cert_file = _path_in_variable("SSL_CERT_FILE")
        # If the file exists, OpenSSL has read it already. If that loaded no certificate, load it again to get the
        # reason.
        is_loaded = cert_file is not None and cert_file.is_file() and context.cert_store_stats()["x509"] > 0
        paths = [None if is_loaded else cert_file, _path_in_variable("SSL_CERT_DIR"), ca_file]
    for path in paths:
        if path is not None:
            _add_authorities(context, path)
    return context


def _system_context() -> ssl.SSLContext:
    """Return a context with the operating system's store of authorities.

    Where OpenSSL knows the store, it is loaded once. truststore finds any other, but loads it for each connection,
    which blocks the event loop for tens of milliseconds.
    """
    if sys.platform not in {"darwin", "win32"} and ssl.get_default_verify_paths().cafile:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.set_default_verify_paths()
        return context
    import truststore

    return truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


def _path_in_variable(variable: str) -> Path | None:
    """Return the path in an environment variable; None if it is not set."""
    value = os.environ.get(variable)
    return Path(value) if value else None


def _add_authorities(context: ssl.SSLContext, path: Path) -> None:
    """Trust the certificates at `path`: a file, or a directory hashed by OpenSSL."""
    try:
        if path.is_dir():
            context.load_verify_locations(capath=path)
        else:
            context.load_verify_locations(cafile=path)
    except ssl.SSLError:
        raise make_error("ca-file", quote="it contains no certificate in PEM format", path=path) from None
    except OSError as error:
        raise make_error("ca-file", quote=error.strerror or "it cannot be read", path=path) from None


def _insecure_context() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


def handshake_rejection(context: ssl.SSLContext, host: str, port: int, timeout: float) -> OSError | None:
    """Return the error by which `host` ends a TLS connection right after the handshake; None if it waits for a request.

    With TLS 1.3 the site checks the client's certificate after the client's handshake is over. Its alert is lost if
    the client has sent a request meanwhile and the site closes the connection unread; this sends nothing. `timeout` is
    in seconds, for the connection and for the alert.

    Returns:
        An `ssl.SSLError` with the alert, or `ConnectionRejected` if the site closes the connection without one.
    """
    try:
        with _handshake(context, host, port, timeout) as connection:
            return _await_rejection(connection)
    except ssl.SSLError as error:
        return error
    except OSError:
        return None


def _await_rejection(connection: ssl.SSLSocket) -> OSError | None:
    try:
        has_data = connection.recv(1)
    except TimeoutError:
        return None
    except ssl.SSLError as error:
        return error
    except OSError:
        has_data = b""
    return None if has_data else ConnectionRejected()


def trust_stores(ca_file: Path | None) -> tuple[str, ...]:
    """Return the stores of authorities that a context of `create_tls_context` trusts, for people."""
    paths = ssl.get_default_verify_paths()
    if sys.platform in {"darwin", "win32"} or not paths.cafile:
        system = "the store of the operating system"
    else:
        # OpenSSL reads these variables instead of the paths that it was built with.
        variables = {paths.openssl_cafile_env: paths.cafile, paths.openssl_capath_env: paths.capath}
        named = {name: path for name, path in variables.items() if os.environ.get(name)}
        system = " and ".join(f"{path} ({name})" for name, path in named.items()) or str(paths.cafile)
    return system, *((f"{ca_file} (--ca-file)",) if ca_file is not None else ())


def tls_facts(connection: ssl.SSLSocket | ssl.SSLObject) -> "TlsFacts":
    """Return version, cipher and certificate of a TLS connection."""
    from drtui.core.model.connection_facts import TlsFacts

    certificate = connection.getpeercert()
    cipher = connection.cipher()
    return TlsFacts(
        connection.version() or "", cipher[0] if cipher else "", _certificate(certificate) if certificate else None
    )


def presented_certificate(host: str, port: int, timeout: float) -> "Certificate | None":
    """Return the certificate that `host` presents, trusted or not; None if it cannot be found out.

    Nothing but handshakes is sent. The standard library decodes only certificates that it has verified: the first
    handshake fetches this one, the second accepts it as its own trust anchor. `timeout` is in seconds, for each of
    them. No client certificate is presented, as it would tell an unknown server who asks.
    """
    try:
        with _handshake(_insecure_context(), host, port, timeout) as connection:
            certificate = connection.getpeercert(binary_form=True)
        decode = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        decode.check_hostname = False
        decode.verify_flags = (decode.verify_flags & ~_STRICT) | ssl.VERIFY_X509_PARTIAL_CHAIN | _NO_CHECK_TIME
        decode.load_verify_locations(cadata=certificate)
        with _handshake(decode, host, port, timeout) as connection:
            return _certificate(connection.getpeercert() or {})
    except Exception:  # noqa: BLE001 - an odd certificate must not hide that it is untrusted
        return None


def certificate_issuer(host: str, port: int, timeout: float) -> str:
    """Return the names of the issuer of the certificate that `host` presents; empty if they cannot be found out.

    See `presented_certificate`.
    """
    certificate = presented_certificate(host, port, timeout)
    return certificate.issuer if certificate is not None else ""


def _certificate(decoded: Mapping[str, Any]) -> "Certificate":
    """Return a certificate as the standard library decodes it."""
    from drtui.core.model.connection_facts import Certificate

    return Certificate(
        subject=_names(decoded, "subject"),
        issuer=_names(decoded, "issuer"),
        names=tuple(value for _, value in decoded.get("subjectAltName", ())),
        starts=_epoch_ms(decoded.get("notBefore")),
        ends=_epoch_ms(decoded.get("notAfter")),
    )


def _epoch_ms(text: str | None) -> int | None:
    """Return a time of a certificate, epoch ms."""
    return None if text is None else ssl.cert_time_to_seconds(text) * 1000


@contextlib.contextmanager
def _handshake(context: ssl.SSLContext, host: str, port: int, timeout: float) -> Iterator[ssl.SSLSocket]:
    """Open a TLS connection for the block; `timeout` in seconds."""
    with (
        socket.create_connection((host, port), timeout) as plain,
        context.wrap_socket(plain, server_hostname=host) as connection,
    ):
        yield connection


def _names(certificate: Mapping[str, Any], whose: str) -> str:
    """Return common name and organization of `subject` or `issuer`, or all of its names if it has neither."""
    pairs = [pair for part in certificate.get(whose, ()) for pair in part]
    names = [value for key in ("commonName", "organizationName") for name, value in pairs if name == key]
    return ", ".join(dict.fromkeys(names)) or ", ".join(f"{name}={value}" for name, value in pairs)
